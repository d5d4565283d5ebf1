/** Where and what is wrong with an expression; `column` counts from 1. */
export interface QueryError {
  readonly message: string;
  readonly column: number | undefined;
}

/** The error of an expression, when that is what made the question fail: the server names the column in its text. */
export function queryErrorOf(error: Error | undefined): QueryError | undefined {
  if (error === undefined || !("code" in error) || error.code !== "ODW_QUERY_BAD") return undefined;
  const column = / at column (\d+)/.exec(error.message)?.[1];
  return { message: error.message, column: column === undefined ? undefined : Number(column) };
}
