import { useLive } from "#web/state/context.ts";

/** Says why the page is not live, as long as it is not. What is shown below is then the last that was known. */
export function Trouble() {
  const connection = useLive((state) => state.connection);
  const known = useLive((state) => state.summary !== undefined);
  if (connection.status === "gone")
    return (
      <div className="trouble" role="alert">
        This capture cannot be shown: {connection.cause}. <a href="/">Leave the capture</a>
      </div>
    );
  if (connection.status !== "reconnecting") return undefined;
  return (
    <div className="trouble" role="alert">
      No connection to the engine: {connection.cause}. {known ? "Shown is what was last known; " : ""}trying again.
    </div>
  );
}
