import { defineKind, type Field, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const maybe = (doc: string): Field => optional(text(doc));
const seconds = (doc: string): Field => optional(integer(doc, { unit: "s" }));
const addresses = (doc: string): Field => optional(list(doc, text("Address.")));

/** The `dhcp` event: names as in Suricata's EVE (its extended form), own members behind them. */
export const dhcpKind: Kind = defineKind({
  name: "dhcp",
  bySender: true,
  summary: "A DHCP message.",
  fields: {
    dhcp: object("A message.", {
      type: text("`request` from a client, `reply` from a server."),
      id: integer("Number that ties messages of one exchange."),
      client_mac: text("Hardware address of the client."),
      assigned_ip: text("Address that the client gets."),
      client_ip: maybe("Address that the client has."),
      relay_ip: maybe("Address of the relay, in replies."),
      next_server_ip: maybe("Server to boot from, in replies."),
      dhcp_type: maybe("`discover`, `offer`, `request`, `decline`, `ack`, `nak`, `release`, `inform`."),
      client_id: maybe("Name of the client, hexadecimal."),
      requested_ip: maybe("Address that the client asks for."),
      hostname: maybe("Name of the client."),
      params: optional(list("What the client wants to know, as far as it has a name here.", text("Name."))),
      vendor_class_identifier: maybe("Kind of client: `MSFT 5.0`."),
      lease_time: seconds("How long the address is good for."),
      renewal_time: seconds("When to renew."),
      rebinding_time: seconds("When to ask any server."),
      subnet_mask: maybe("Mask of the network."),
      routers: addresses("Routers."),
      dns_servers: addresses("Name servers."),
      fingerprint: maybe("All option numbers that the client wants to know, in its order: `1,3,6,15`."),
      server_id: maybe("Address of the server that is meant."),
      domain: maybe("Domain of the client."),
      client_fqdn: maybe("Full name of the client."),
      user_class: maybe("Class of users."),
      ntp_servers: addresses("Time servers."),
      message: maybe("Why it was refused."),
      tftp_server_name: maybe("Server to boot from."),
      boot_file: maybe("File to boot."),
      relay_agent: optional(
        object("What the relay adds (RFC 3046).", {
          circuit_id: maybe("Where the client is plugged in."),
          remote_id: maybe("The client's line."),
          subscriber_id: maybe("The subscriber."),
        }),
      ),
    }),
  },
  columns: [
    { name: "dhcp_type", path: "dhcp.dhcp_type", type: "text", doc: "Type of message." },
    { name: "client_mac", path: "dhcp.client_mac", type: "text", doc: "Hardware address of the client.", index: true },
    { name: "hostname", path: "dhcp.hostname", type: "text", doc: "Name of the client.", index: true },
    { name: "assigned_ip", path: "dhcp.assigned_ip", type: "text", doc: "Address that the client gets.", format: "address", index: true },
    { name: "requested_ip", path: "dhcp.requested_ip", type: "text", doc: "Address that the client asks for.", format: "address" },
    { name: "vendor_class", path: "dhcp.vendor_class_identifier", type: "text", doc: "Kind of client." },
    { name: "fingerprint", path: "dhcp.fingerprint", type: "text", doc: "What the client wants to know." },
    { name: "lease_time", path: "dhcp.lease_time", type: "integer", doc: "How long the address is good for, s." },
  ],
});

export const dhcpv6Kind: Kind = defineKind({
  name: "dhcpv6",
  summary: "A DHCPv6 message (RFC 8415).",
  fields: {
    dhcpv6: object("A message; of a relayed one, the message inside.", {
      type: text("`solicit`, `advertise`, `request`, `reply` …"),
      id: integer("Number that ties messages of one exchange."),
      relay_type: maybe("`relay_forw` or `relay_repl` when a relay carries it."),
      link_address: maybe("Network of the client, as the relay says."),
      peer_address: maybe("Who gave it to the relay."),
      client_id: maybe("DUID of the client, hexadecimal."),
      client_mac: maybe("Hardware address in it."),
      server_id: maybe("DUID of the server, hexadecimal."),
      address: maybe("First address."),
      addresses: addresses("All addresses, at most 16."),
      prefixes: optional(list("Delegated networks, at most 16.", text("Prefix, `2001:db8::/56`."))),
      preferred_lifetime: seconds("How long the first of them is preferred."),
      valid_lifetime: seconds("How long the first of them is good for."),
      client_fqdn: maybe("Full name of the client."),
      vendor_class: maybe("Kind of client."),
      params: optional(list("Option numbers that the client wants to know.", integer("Option."))),
      dns_servers: addresses("Name servers, at most 16."),
      domains: optional(list("Domains to search, at most 16.", text("Domain."))),
      status_code: optional(integer("0 for success (RFC 8415 §21.13).")),
      message: maybe("Text of the status."),
    }),
  },
  columns: [
    { name: "type", path: "dhcpv6.type", type: "text", doc: "Type of message." },
    { name: "client_id", path: "dhcpv6.client_id", type: "text", doc: "DUID of the client.", index: true },
    { name: "client_mac", path: "dhcpv6.client_mac", type: "text", doc: "Hardware address of the client.", index: true },
    { name: "address", path: "dhcpv6.address", type: "text", doc: "First address.", format: "address", index: true },
    { name: "client_fqdn", path: "dhcpv6.client_fqdn", type: "text", doc: "Full name of the client." },
  ],
});
