import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { hrefOf, type Route } from "#web/shell/route.ts";
import { useGo } from "#web/state/context.ts";

type Props = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { readonly to: Route };

/** A link inside the page. Opening in a new tab works as with any link. */
export function Link({ to, onClick, ...rest }: Props) {
  const go = useGo();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}
