/** Names of tunnels for rooms that may not look at the wire. */
export { tunnelName } from "#wire/tunnel.ts";
