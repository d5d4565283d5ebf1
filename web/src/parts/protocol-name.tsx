import type { CSSProperties } from "react";
import { protocolColour } from "#web/charts/palette.ts";

/** A protocol with the colour that it has in every chart. */
export function ProtocolName({ name, title }: { readonly name: string; readonly title?: string }) {
  return (
    <span className="swatch" style={{ "--colour": protocolColour(name) } as CSSProperties} title={title}>
      {name}
    </span>
  );
}
