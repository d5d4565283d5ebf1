import { describe, expect, test } from "vitest";
import { latin1 } from "#base/bytes.ts";
import { type CompiledPcre, compilePcre, PcreMatch, requiredLiteral } from "./pcre.ts";

function compiled(pattern: string, flags = ""): CompiledPcre {
  const result = compilePcre(pattern, flags);
  if ("error" in result) throw new Error(`${pattern}: ${result.error.cause}`);
  return result;
}

/** The text that is found, or the verdict. */
function find(pattern: string, flags: string, text: string, from = 0): string {
  const match = new PcreMatch();
  const verdict = compiled(pattern, flags).find(text, from, match);
  return verdict === "found" ? text.slice(match.start, match.end) : verdict;
}

describe("patterns as rules write them", () => {
  test.each<[string, string, string, string, string]>([
    ["escaped slashes and dots", String.raw`^\/index\.php\?id=\d+`, "", "/index.php?id=42&x", "/index.php?id=42"],
    ["case off", "user-agent", "i", "User-AGENT: x", "User-AGENT"],
    ["case off folds no byte beyond ASCII", "\\xe9", "i", "\xc9", "absent"],
    ["the dot takes a carriage return and byte 0x85", "a.b.c", "", "a\rb\x85c", "a\rb\x85c"],
    ["the dot takes no newline", "a.b", "", "a\nb", "absent"],
    ["the dot takes a newline with s", "a.b", "s", "a\nb", "a\nb"],
    ["the dollar before a last newline", "b$", "", "ab\n", "b"],
    ["the dollar at the end only, with E", "b$", "E", "ab\n", "absent"],
    ["the dollar at lines, with m", "a$", "m", "a\nb", "a"],
    ["the hat at lines, with m", "^b", "m", "a\nb", "b"],
    ["no line begins after the last newline", "^$", "m", "a\n", "absent"],
    ["anchored with A", "b", "A", "ab", "absent"],
    ["greed turned round by G", "a+", "G", "aaa", "a"],
    ["white space and comments with x", "a b # c\n c[ ]", "x", "abc ", "abc "],
    ["quoted text", "\\Qa.b*\\E+", "", "a.b**", "a.b**"],
    ["quoted text in a class", "[\\Q^]-\\E]+", "", "x]-^", "]-^"],
    ["bytes in braces and octal", "\\x{41}\\102\\o{103}\\0", "", "ABC\0", "ABC\0"],
    ["POSIX classes", "[[:alpha:][:^space:]]+", "", " ab1 ", "ab1"],
    ["horizontal space and line breaks", "a\\hb\\Rc\\vd", "", "a\tb\r\nc\x0bd", "a\tb\r\nc\x0bd"],
    ["possessive: gives nothing back", "a++ab", "", "aaab", "absent"],
    ["atomic: gives nothing back", "(?>a|ab)c", "", "abc", "absent"],
    ["flags inside", "a(?i)b(?-i)c", "", "aBc", "aBc"],
    ["flags of a group", "a(?i:b)c", "", "aBC", "absent"],
    ["flags end with their group", "(?:a(?i)b)c", "", "aBC", "absent"],
    ["a comment", "a(?# nothing )b", "", "ab", "ab"],
    ["a named group and its reference", "(?P<q>['\"])x(?P=q)", "", `'x" "x"`, `"x"`],
    ["a reference without case", "(ab)\\1", "i", "aBAb", "aBAb"],
    ["a group that took no part is no empty text", "(?:(a)|b)\\1", "", "b", "absent"],
    ["what stands before", "(?<=id=)\\d+", "", "x=1 id=22", "22"],
    ["a brace that counts nothing", "a{,2}b{x}", "", "a{,2}b{x}", "a{,2}b{x}"],
    ["high bytes", "[\\x80-\\xff]{2}", "", "a\x90\x91", "\x90\x91"],
    ["loops that may be empty", "(?:a*)*b", "", "aaab", "aaab"],
  ])("%s", (_case, pattern, flags, text, expected) => {
    expect(find(pattern, flags, text)).toBe(expected);
  });

  test("a search begins where it is told and sees what stands before", () => {
    expect(find("^b", "", "ab", 1)).toBe("absent");
    expect(find("\\Gb", "", "ab", 1)).toBe("b");
    expect(find("(?<=a)b", "", "ab", 1)).toBe("b");
    expect(find("a", "", "ab", 1)).toBe("absent");
    expect(find("a", "", "ab", 3)).toBe("absent");
  });

  test("groups are told by number and name", () => {
    const pattern = compiled("(?:(x)|(?P<host>[a-z]+))(?>:)(\\d++)");
    const match = new PcreMatch();
    expect(pattern.find("<host:8080>", 0, match)).toBe("found");
    expect(match.groups).toEqual(["host:8080", undefined, "host", "8080"]);
    expect([pattern.groups, pattern.names.get("host")]).toEqual([3, 2]);
  });

  test("searches share no state", () => {
    const pattern = compiled("a");
    const match = new PcreMatch();
    expect([1, 2, 3].map(() => pattern.find("xa", 0, match))).toEqual(["found", "found", "found"]);
  });

  test("texts are one character a byte", () => {
    const bytes = Uint8Array.of(0xc3, 0xa9);
    expect(find("^..$", "", latin1(bytes, 0, 2))).toBe("\xc3\xa9");
  });
});

describe("patterns that are refused say why", () => {
  test.each<[string, string, number, RegExp]>([
    ["forgetting the match", "ab\\Kc", 3, /\\K .*not supported/],
    ["a condition", "(a)?(?(1)b|c)", 5, /conditions/],
    ["recursion", "a(?R)?b", 2, /recursion/],
    ["a call of a group", "(a)(?1)", 4, /calls of a group/],
    ["verbs", "(*UTF8)a", 1, /verbs/],
    ["groups that number anew", "(?|(a)|(b))", 1, /number anew/],
    ["Unicode properties", "\\p{L}", 1, /Unicode property/],
    ["a character beyond 255", "a\u20ac", 2, /beyond 255/],
    ["an escape beyond 255", "\\x{20ac}", 9, /beyond 255/],
    ["a letter without meaning", "\\y", 1, /no meaning/],
    ["an open parenthesis", "a(b", 2, /no closing one/],
    ["a closing parenthesis", "ab)", 3, /no opening one/],
    ["an open class", "a[bc", 2, /no closing bracket/],
    ["a range the wrong way", "[z-a]", 3, /out of order/],
    ["nothing to repeat", "a|*", 3, /nothing to repeat/],
    ["a place repeated", "^*", 2, /takes no bytes/],
    ["numbers the wrong way", "a{3,2}", 2, /out of order/],
    ["a group that is not there", "(a)\\2", 4, /group 2/],
    ["a name that is not there", "(?P=no)", 1, /group no/],
    ["a name twice", "(?<n>a)(?<n>b)", 8, /two groups/],
    ["something of any length before", "(?<=a+)b", 1, /fixed length/],
    ["an unknown class", "[[:alpa:]]", 10, /POSIX class/],
    ["a pattern that is too long", "(?:(?:ab|c){1000}){1000}", 1, /too long/],
  ])("%s", (_case, pattern, column, cause) => {
    const result = compilePcre(pattern, "");
    expect("error" in result && { column: result.error.column, mend: result.error.mend.length > 5 }).toEqual({ column, mend: true });
    expect("error" in result && result.error.cause).toMatch(cause);
  });

  test("a flag that is none", () => {
    expect(compilePcre("a", "ik")).toEqual({ error: { column: 2, cause: "no pattern flag is called k", mend: expect.any(String) } });
  });
});

describe("no text makes a search endless", () => {
  test.each<[string, string, string]>([
    ["nested loops", "(a+)+$", `${"a".repeat(30_000)}b`],
    ["loops beside each other", "(x+x+)+[yz]", "x".repeat(30_000)],
    ["alternatives that overlap", "(?:a|a|aa)*\\d", "a".repeat(30_000)],
    ["many loops over the same", "a*a*a*a*a*a*[bc]", "a".repeat(30_000)],
    ["a reference", "(a*)*\\1[bc]", "a".repeat(30_000)],
  ])("%s", (_case, pattern, text) => {
    const started = performance.now();
    expect(find(pattern, "", text)).toBe("limit");
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("the same steps on every machine", () => {
    const match = new PcreMatch();
    const pattern = compiled("(a+)+$");
    const steps = (most: number): string => pattern.find(`${"a".repeat(12)}b`, 0, match, most);
    const enough = Array.from({ length: 40 }, (_, i) => 2 ** i).find((most) => steps(most) === "absent");
    expect([enough, steps((enough ?? 0) / 2)]).toEqual([65_536, "limit"]);
  });

  test.each<[string, string, boolean]>([
    ["a plain text", "evil", true],
    ["a loop with a clear end", "^GET [^\\r\\n]+\\r\\n", true],
    ["a loop anywhere", "cmd=[^&]+&", true],
    ["a loop of turns that are clear", "(?:[0-9]{2}:){5,}", true],
    ["nested loops", "(?:a+)+", false],
    ["a reference", "(.)\\1", false],
  ])("V8 is asked for %s: %s", (_case, pattern, asked) => {
    expect(compiled(pattern).uncountedLengthMax > 0).toBe(asked);
  });

  test.each<[string, number]>([
    ["^a*b", Number.POSITIVE_INFINITY],
    ["a*b", 4096],
    ["^a*a*b", 4096],
    ["^.*x.*y.*z", 256],
    [".*x.*y.*z", 64],
    ["^(?:a+b){3}", Number.POSITIVE_INFINITY],
    ["^(?:a+a){3}b", 256],
    ["(?:(?:[ab]{16}){16}){4}", 4_194_304],
    ["[ab]{60000}", 4096],
  ])("V8 is given %s up to %d bytes", (pattern, most) => {
    expect(compiled(pattern).uncountedLengthMax).toBe(most);
  });

  test("a long text is searched by steps where the form is open, with the same result", () => {
    const pattern = compiled("id=[^;]*;[a-f]+");
    const text = `${"id=x".repeat(3000)};beef`;
    expect(text.length).toBeGreaterThan(pattern.uncountedLengthMax);
    expect(find("id=[^;]*;[a-f]+", "", text)).toBe(text);
    expect(find("id=[^;]*;[a-f]+", "", text.slice(-2005))).toBe(text.slice(-2005));
  });
});

describe("the literal that every match contains", () => {
  test.each<[string, string, string, string | undefined, boolean]>([
    ["the longest run", "ab\\d+cdef.g", "", "cdef", false],
    ["without case", "^User-Agent\\x3a", "i", "user-agent:", true],
    ["past places and looks", "ab(?=c)\\bc(?<!x)d", "", "abcd", false],
    ["into groups", "(a(bc))d?e", "", "abc", false],
    ["counted repetitions", "x(?:ab){3}y", "", "xabababy", false],
    ["the first turn of a loop", "x(?:ab)+y", "", "xab", false],
    ["none in alternatives", "abc|abd", "", undefined, false],
    ["none where all is optional", "a?b*", "", undefined, false],
    ["a class of both cases", "[eE]vil", "", "evil", true],
  ])("%s", (_case, pattern, flags, text, nocase) => {
    const literal = requiredLiteral(pattern, flags);
    expect(literal && latin1(literal.bytes, 0, literal.bytes.length)).toBe(text);
    if (literal !== undefined) expect(literal.nocase).toBe(nocase);
  });
});
