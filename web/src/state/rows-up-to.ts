/** Most rows of one answer. */
export const answerRowsMax = 1000;

interface Rows<Row> {
  readonly rows: readonly Row[];
  /** True when there are more than were asked for. */
  readonly more: boolean;
}

/** The first `wanted` rows of a list that is answered page by page. */
export async function rowsUpTo<Row, Page extends { readonly next?: string | undefined }>(
  wanted: number,
  ask: (page: { readonly limit: number; readonly cursor: string | undefined }) => Promise<Page>,
  rowsOf: (page: Page) => readonly Row[],
): Promise<Rows<Row>> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({ limit: Math.min(wanted - rows.length, answerRowsMax), cursor });
    rows.push(...rowsOf(page));
    cursor = page.next;
  } while (cursor !== undefined && rows.length < wanted);
  return { rows, more: cursor !== undefined };
}
