/** A whole number with commas, for people. The locale machinery of `toLocaleString` costs 10 ms to load. */
export const countText = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
