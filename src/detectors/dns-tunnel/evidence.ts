import type { Carried } from "./carrier.ts";

/** A sign for or against data in names, with what it weighs. */
export interface Sign {
  readonly feature: string;
  readonly value: number;
  readonly odds: number;
  readonly sample: number;
}

const limited = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Answers from which on the variety of addresses says something. */
const answersMin = 5;
/** Clients from which on it says something that they share a domain. */
const clientsMin = 8;
const priorOdds = -1;

/**
 * Signs that what stands before a domain is data and not names of machines. Whoever names machines asks for them again, by
 * more than one type, and gets as many addresses; words stand in the names. The weights were set by hand.
 */
export function signsOf(carried: Carried, bytesMin: number): readonly Sign[] {
  const { bytes, unique, laden, queries, other, repeatedTypes, answers, addresses, listed, clients } = carried;
  const perName = bytes / Math.max(1, laden);
  const variety = addresses / Math.max(1, Math.min(answers, unique));
  return [
    { feature: "bytes in new names that are no words", value: bytes, odds: limited(Math.log2(bytes / bytesMin), -2, 4), sample: unique },
    { feature: "bytes for each such name", value: perName, odds: limited(Math.log2(perName / 8), -1.5, 1.5), sample: laden },
    { feature: "share of names that carry such bytes", value: laden / unique, odds: 6 * (laden / unique - 0.7), sample: unique },
    { feature: "questions for each name", value: queries / unique, odds: limited(3 - 2 * (queries / unique), -3, 1), sample: queries },
    {
      feature: "share of names asked by several types",
      value: repeatedTypes / unique,
      odds: -3 * (repeatedTypes / unique),
      sample: unique,
    },
    { feature: "share of questions not for addresses", value: other / queries, odds: 3 * (other / queries), sample: queries },
    {
      feature: "different addresses for each answer",
      value: variety,
      odds: answers < answersMin ? 0 : limited(0.7 - 6 * variety, -2.5, 0.5),
      sample: answers,
    },
    {
      feature: "share of answers as lists give them",
      value: listed / Math.max(1, answers),
      odds: (-6 * listed) / Math.max(1, answers),
      sample: answers,
    },
    {
      feature: "clients that asked",
      value: clients,
      odds: clients < clientsMin ? 0 : -limited(Math.log2(clients / 2), 0, 4),
      sample: queries,
    },
  ];
}

/** Chance that it is data, 0 to 1. */
export const chanceOf = (signs: readonly Sign[]): number => 1 / (1 + Math.exp(-signs.reduce((sum, { odds }) => sum + odds, priorOdds)));
