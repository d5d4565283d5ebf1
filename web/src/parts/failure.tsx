import { Notice } from "./notice.tsx";

interface Props {
  readonly what: string;
  readonly error: Error;
  readonly retry?: () => void;
}

/** A failed question to the API: names the cause and offers to ask again. */
export function Failure({ what, error, retry }: Props) {
  return (
    <Notice title={what} tone="error">
      <div>{error.message}</div>
      {retry !== undefined && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </Notice>
  );
}
