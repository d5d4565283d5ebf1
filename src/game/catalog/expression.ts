import { combine, type Integer, integer, type LongBits, parseCharacter, parseNumber } from "./integer.ts";
import { catalogLimits } from "./limits.ts";
import { Refusal } from "./problem.ts";
import type { Token } from "./tokens.ts";

/** What an expression means outside of itself. */
export interface ExpressionScope {
  readonly longBits: LongBits;
  /** Value of a name; `path` has its parts (`head.count`). `undefined` when there is none. */
  name(path: readonly string[]): Integer | undefined;
  /** A type between brackets: its size, its alignment, and the integer type that a cast makes; `undefined` when it is no type. */
  type?(
    tokens: readonly Token[],
  ): { readonly size: number; readonly align: number; readonly cast?: (value: Integer) => Integer } | undefined;
}

const strengths: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  ">": 7,
  "<=": 7,
  ">=": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};

const unary: Readonly<Record<string, (value: Integer) => Integer>> = {
  "-": ({ value, unsigned, bits }) => integer(-value, unsigned, bits),
  "+": (value) => value,
  "~": ({ value, unsigned, bits }) => integer(~value, unsigned, bits),
  "!": ({ value }) => integer(value === 0n ? 1n : 0n),
};

/** Value of a constant expression (ISO C 6.6). Throws `Refusal` where it has none. */
export function evaluate(tokens: readonly Token[], scope: ExpressionScope): Integer {
  if (tokens.length > catalogLimits.expressionTokensMax)
    throw new Refusal("the expression is too long", "give the value as a constant", tokens[0]);
  const reader = new ExpressionReader(tokens, scope);
  const value = reader.conditional(0);
  reader.end();
  return value;
}

class ExpressionReader {
  readonly #tokens: readonly Token[];
  readonly #scope: ExpressionScope;
  #at = 0;
  /** Above 0 in the part of `&&`, `||` or `?:` that does not count: it may divide by zero. */
  #idle = 0;

  constructor(tokens: readonly Token[], scope: ExpressionScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new Refusal(`\`${rest.text}\` does not belong in this expression`, "put an operator before it", rest);
  }

  conditional(depth: number): Integer {
    const condition = this.#binary(0, depth);
    if (!this.#take("?")) return condition;
    const yes = this.#idling(condition.value === 0n, () => this.conditional(depth + 1));
    if (!this.#take(":")) throw this.#bad("`:` is missing behind `?`");
    const no = this.#idling(condition.value !== 0n, () => this.conditional(depth + 1));
    const bits = Math.max(yes.bits, no.bits) as 32 | 64;
    const unsigned = (yes.unsigned && yes.bits === bits) || (no.unsigned && no.bits === bits);
    return integer((condition.value === 0n ? no : yes).value, unsigned, bits);
  }

  #binary(least: number, depth: number): Integer {
    let left = this.#unary(depth);
    for (;;) {
      const operator = this.#tokens[this.#at];
      const strength = operator?.kind === "punctuator" ? strengths[operator.text] : undefined;
      if (operator === undefined || strength === undefined || strength <= least) return left;
      this.#at++;
      const idle = (operator.text === "&&" && left.value === 0n) || (operator.text === "||" && left.value !== 0n);
      const right = this.#idling(idle, () => this.#binary(strength, depth + 1));
      left = this.#combined(operator, left, right);
    }
  }

  #combined(operator: Token, left: Integer, right: Integer): Integer {
    if (operator.text === "&&") return integer(left.value !== 0n && right.value !== 0n ? 1n : 0n);
    if (operator.text === "||") return integer(left.value !== 0n || right.value !== 0n ? 1n : 0n);
    const value = combine(operator.text, left, right);
    if (value !== undefined) return value;
    if (this.#idle > 0) return integer(0n);
    throw new Refusal("division by zero", "correct the expression", operator);
  }

  #unary(depth: number): Integer {
    if (depth > catalogLimits.nestingMax) throw this.#bad("the expression is nested too deeply");
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#bad("an expression ends too early");
    if (token.kind === "number") return this.#number(token);
    if (token.kind === "character") {
      const value = parseCharacter(token.text);
      if (value === undefined) throw new Refusal(`${token.text} is no character`, "write one to four characters between '", token);
      return value;
    }
    if (token.kind === "identifier") return this.#named(token, depth);
    if (token.text === "(") return this.#bracket(depth);
    const operation = unary[token.text];
    if (operation === undefined) throw new Refusal(`\`${token.text}\` does not belong here`, "a number or a name is expected", token);
    return operation(this.#unary(depth + 1));
  }

  #number(token: Token): Integer {
    const value = parseNumber(token.text, this.#scope.longBits);
    if (value === undefined) throw new Refusal(`${token.text} is no integer`, "write a whole number that fits 64 bits", token);
    return value;
  }

  #named(token: Token, depth: number): Integer {
    if (/^(sizeof|_Alignof|alignof|__alignof__|__alignof)$/.test(token.text) && this.#scope.type !== undefined)
      return this.#sizeOf(token, depth);
    const path = [token.text];
    while (this.#tokens[this.#at]?.text === "." && this.#tokens[this.#at + 1]?.kind === "identifier") {
      path.push((this.#tokens[this.#at + 1] as Token).text);
      this.#at += 2;
    }
    const value = this.#scope.name(path);
    if (value === undefined)
      throw new Refusal(`\`${path.join(".")}\` has no known value`, "define it with #define or in an enum, before it is used", token);
    return value;
  }

  #sizeOf(token: Token, depth: number): Integer {
    if (!this.#take("(")) throw new Refusal(`${token.text} needs a type in brackets`, `write ${token.text}(TYPE)`, token);
    const type = this.#scope.type?.(this.#inBrackets(depth));
    if (type === undefined)
      throw new Refusal(`${token.text} is asked of something that is no known type`, "define the type before it is used", token);
    return integer(BigInt(token.text === "sizeof" ? type.size : type.align), true, this.#scope.longBits);
  }

  /** Behind `(`: a cast or an expression. */
  #bracket(depth: number): Integer {
    const from = this.#at;
    const tokens = this.#inBrackets(depth);
    const type = tokens[0]?.kind === "identifier" ? this.#scope.type?.(tokens) : undefined;
    if (type?.cast !== undefined) return type.cast(this.#unary(depth + 1));
    this.#at = from;
    const value = this.conditional(depth + 1);
    if (!this.#take(")")) throw this.#bad("`)` is missing");
    return value;
  }

  /** The tokens up to the bracket that closes the one before; moves behind it. */
  #inBrackets(depth: number): readonly Token[] {
    const from = this.#at;
    for (let open = 1; ; this.#at++) {
      const text = this.#tokens[this.#at]?.text;
      if (text === undefined) throw this.#bad("`)` is missing");
      if (text === "(" && ++open + depth > catalogLimits.nestingMax) throw this.#bad("the expression is nested too deeply");
      if (text === ")" && --open === 0) return this.#tokens.slice(from, this.#at++);
    }
  }

  #idling(idle: boolean, read: () => Integer): Integer {
    if (idle) this.#idle++;
    const value = read();
    if (idle) this.#idle--;
    return value;
  }

  #take(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at++;
    return true;
  }

  #bad(cause: string): Refusal {
    return new Refusal(cause, "correct the expression", this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]);
  }
}
