import { jsonTokens } from "./json-tokens.ts";

/** A value as coloured JSON. */
export function Json({ value }: { readonly value: unknown }) {
  return (
    <pre className="event-json">
      {jsonTokens(value).map((token, index) =>
        token.kind === "mark" ? (
          token.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text have no other identity
          <span key={index} className={token.kind}>
            {token.text}
          </span>
        ),
      )}
    </pre>
  );
}
