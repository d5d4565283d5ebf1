import type { SourceFile } from "./source-file.ts";

/** What is wrong with a header, or odd about it. Lines and columns count from 1; 0 when it is the file as a whole. */
export interface CatalogProblem {
  /** `error`: something was left out. `warning`: it was read, but perhaps not as meant. */
  readonly severity: "error" | "warning";
  /** As it was named, or relative to the catalog's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly cause: string;
  readonly mend: string;
}

/** Where something stands in a header. */
export interface Place {
  readonly source: SourceFile;
  readonly offset: number;
}

/** Ends the reading of one header; caught where that header's reading began. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly place: Place | undefined;
  readonly mend: string;

  constructor(cause: string, mend: string, place?: Place) {
    super(cause);
    this.mend = mend;
    this.place = place;
  }
}

/** A problem at a place, for people. */
export function problemAt(place: Place, severity: CatalogProblem["severity"], cause: string, mend: string): CatalogProblem {
  const { line, column } = place.source.position(place.offset);
  return { severity, file: place.source.path, line, column, cause, mend };
}

/** `lantern.h:12:3: error: cause (mend)` */
export const problemText = ({ severity, file, line, column, cause, mend }: CatalogProblem): string =>
  `${file}${line === 0 ? "" : `:${line}:${column}`}: ${severity}: ${cause}${mend === "" ? "" : ` (${mend})`}`;
