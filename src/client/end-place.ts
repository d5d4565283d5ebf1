import { systemWords } from "#base/place.ts";

/** Where an end of a flow belongs, for people. */
export interface EndPlace {
  /** Two letters; empty when the country is not known. */
  readonly code: string;
  /** `Germany (DE), AS3320 Deutsche Telekom AG`. */
  readonly text: string;
}

const regions = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });

/** From the members of an event; `undefined` when they say nothing. */
export function endPlaceOf(country: unknown, system: unknown, organization: unknown): EndPlace | undefined {
  const code = typeof country === "string" ? country : "";
  const run = systemWords({
    country: code,
    countryName: "",
    system: typeof system === "number" ? system : 0,
    organization: typeof organization === "string" ? organization : "",
  });
  const text = [countryText(code), run].filter((part) => part !== "").join(", ");
  return text === "" ? undefined : { code, text };
}

/** `Germany (DE)`; the code alone where it has no name. */
function countryText(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  const name = regions.of(code);
  return name === undefined ? code : `${name} (${code})`;
}
