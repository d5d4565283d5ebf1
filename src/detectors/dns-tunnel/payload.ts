import { knownWords } from "#engine/names/dga-score.ts";
import { informationBytes } from "#engine/names/name-information.ts";
import { segment } from "#engine/names/segment.ts";

/** Shorter labels are numbers of machines, parts of addresses, codes of places. */
const labelLettersMin = 6;
/** Words that are shorter than this on average stand in any text of letters and digits. */
const wordLetters = 3.5;
/** Labels of which words cover more than this are somebody's words. */
const coveredMax = 0.5;

/**
 * Bytes that the labels of a subdomain carry beyond words: length · H / 8 of those that words do not cover, all together.
 * Labels that begin with `_` name services (RFC 8552); what stands before `_domainkey` names a key (RFC 6376 section 3.1).
 */
export function payloadBytes(subdomain: string): number {
  let text = "";
  for (const label of subdomain.split(".")) {
    if (label === "_domainkey") text = "";
    else if (isPayload(label)) text += label;
  }
  return text === "" ? 0 : informationBytes(text);
}

function isPayload(label: string): boolean {
  if (label.length < labelLettersMin || label.startsWith("_") || label.startsWith("xn--")) return false;
  let hyphens = 0;
  for (const letter of label) if (letter === "-") hyphens++;
  const { covered, words } = segment(label, knownWords);
  return covered + hyphens <= coveredMax * label.length || (covered < wordLetters * words && /\d/.test(label));
}
