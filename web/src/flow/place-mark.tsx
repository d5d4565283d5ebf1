import type { EndPlace } from "#client/end-place.ts";

/** The country of an address in two letters; what else is known of it on hovering. */
export function PlaceMark({ place }: { readonly place: EndPlace | undefined }) {
  if (place === undefined || place.code === "") return null;
  return (
    <span className="dim" title={place.text}>
      {" "}
      {place.code}
    </span>
  );
}
