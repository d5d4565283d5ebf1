import type { EndPlace } from "#client/end-place.ts";
import { endText } from "#client/flow-row.ts";
import "./place-mark.css";

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

interface End {
  readonly address: string;
  readonly port: number | undefined;
  readonly place: EndPlace | undefined;
}

/** Address and port, and the country where there is room for it. */
export function PlacedEnd({ address, port, place }: End) {
  const text = endText(address, port);
  if (place === undefined)
    return (
      <span className="mono" title={text}>
        {text}
      </span>
    );
  return (
    <span className="mono placed-end">
      <span title={text}>{text}</span>
      <PlaceMark place={place} />
    </span>
  );
}
