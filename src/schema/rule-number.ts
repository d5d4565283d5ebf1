/** A number as words with a syntax of their own compare it. */
export type RuleNumberTest = (value: number) => boolean;

/**
 * Reads `5`, `!5`, `>5`, `<5`, `>=5`, `<=5`, `3-5` (both included) and `3<>5` (both excluded); numbers may be hexadecimal
 * (`0x1f`) or one of `names`. `undefined` when it is none of these.
 */
export function readRuleNumber(text: string, names: Readonly<Record<string, number>> = {}): RuleNumberTest | undefined {
  const one = text.trim();
  const whole = numberOf(one, names);
  if (whole !== undefined) return (value) => value === whole;
  const range = /^([^<>=!-]+)(<>|-)([^<>=!-]+)$/.exec(one);
  if (range !== null) {
    const low = numberOf(range[1] ?? "", names);
    const high = numberOf(range[3] ?? "", names);
    if (low === undefined || high === undefined) return undefined;
    return range[2] === "-" ? (value) => value >= low && value <= high : (value) => value > low && value < high;
  }
  const compared = /^(!=|>=|<=|>|<|=|!)(.+)$/.exec(one);
  const limit = numberOf(compared?.[2] ?? "", names);
  if (limit === undefined) return undefined;
  return comparison(compared?.[1] ?? "", limit);
}

function comparison(operator: string, limit: number): RuleNumberTest {
  switch (operator) {
    case ">":
      return (value) => value > limit;
    case "<":
      return (value) => value < limit;
    case ">=":
      return (value) => value >= limit;
    case "<=":
      return (value) => value <= limit;
    case "=":
      return (value) => value === limit;
    default:
      return (value) => value !== limit;
  }
}

function numberOf(text: string, names: Readonly<Record<string, number>>): number | undefined {
  const one = text.trim();
  if (/^(\d+|0x[\da-f]+)$/i.test(one)) return Number(one);
  return names[one] ?? names[one.toLowerCase()] ?? names[one.toUpperCase()];
}
