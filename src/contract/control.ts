import type {
  IndicatorAnswer,
  IndicatorLists,
  IndicatorRow,
  KeywordHit,
  KeywordLists,
  KeywordRow,
  ListRow,
  NewIndicator,
  RuleState,
} from "#schema/rule-lists.ts";

/**
 * What may be asked of the rules of an engine: the seam between API and composition root. Changes are written to the
 * list first, then all is loaded anew. What is refused throws ODW_LIST_BAD or ODW_RELOAD_REFUSED.
 */
export interface RuleControl {
  state(): RuleState;
  reload(): Promise<RuleState>;
  keywords(): KeywordLists;
  addKeyword(line: string): Promise<KeywordRow>;
  removeKeyword(sid: number): Promise<void>;
  switchKeyword(sid: number, on: boolean): Promise<void>;
  /** Keywords that a text holds. */
  testKeywords(text: string, context?: string): readonly KeywordHit[];
  indicators(): IndicatorLists;
  addIndicator(indicator: NewIndicator): Promise<IndicatorRow>;
  removeIndicator(value: string): Promise<void>;
  /** Writes a whole list under a name. */
  putIndicatorList(name: string, text: string): Promise<ListRow>;
  removeIndicatorList(name: string): Promise<void>;
  switchList(kind: "keywords" | "indicators", name: string, on: boolean): Promise<void>;
  /** What lists say about a value now. */
  testIndicator(value: string, type?: string): IndicatorAnswer;
}
