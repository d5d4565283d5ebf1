/** The value, no farther from 0 than `limit`. */
export const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));
