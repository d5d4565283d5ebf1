/**
 * MAC addresses that several machines use on purpose: VRRP and CARP (RFC 5798, 7.3), HSRP versions 1 and 2, GLBP, and
 * clusters that balance load (Microsoft's NLB).
 */
const shared = ["00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:07:b4:00:", "02:bf:", "03:bf:"];

export const isSharedMac = (mac: string): boolean => shared.some((prefix) => mac.startsWith(prefix));
