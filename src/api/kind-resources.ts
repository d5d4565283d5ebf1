import { columnsOf } from "#query/column-value.ts";
import { kindPath } from "#schema/api.ts";
import type { Column, Kind } from "#schema/field.ts";

/** An event kind as a resource of the API. */
export interface KindResource {
  readonly kind: Kind;
  /** Path under `/api/v1/`. */
  readonly path: string;
  /** The common columns, then the kind's own. */
  readonly columns: readonly Column[];
}

export function kindResources(kinds: readonly Kind[]): readonly KindResource[] {
  return kinds.map((kind) => ({ kind, path: kindPath(kind.name), columns: columnsOf(kind) }));
}
