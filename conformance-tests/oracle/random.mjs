// random - numbers from a seed.
export class Random {
    constructor(seed) {
        this.state = (seed * 2654435761 + 1) >>> 0;
    }
    /** mulberry32: [0, 1) */
    next() {
        let t = (this.state = (this.state + 0x6d2b79f5) >>> 0);
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    below(n) {
        return Math.floor(this.next() * n);
    }
    chance(p) {
        return this.next() < p;
    }
    of(list) {
        return list[this.below(list.length)];
    }
    some(list, n) {
        const rest = [...list];
        return Array.from({ length: Math.min(n, rest.length) }, () => rest.splice(this.below(rest.length), 1)[0]);
    }
}
