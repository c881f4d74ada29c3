import { isIPv4, isIPv6 } from "node:net"

/**
 * What one client is counted by: an IPv4 address as it is, an IPv6 address by its /64, because a household or a server
 * is given that whole network and may use a new address for every request (RFC 6177).
 */
export function clientKey(address: string): string {
  const groups = groupsOf(address)
  return typeof groups === "string" ? groups : `${prefix(groups, 4)}::/64`
}

/** The /48 an IPv6 address lies in, which one subscriber or tunnel may be given whole; undefined for IPv4. */
export function networkKey(address: string): string | undefined {
  const groups = groupsOf(address)
  return typeof groups === "string" ? undefined : `${prefix(groups, 3)}::/48`
}

/** The eight numbers of an IPv6 address, or the text of an IPv4 one, also when it is written as IPv6. */
function groupsOf(address: string): number[] | string {
  const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "")
  if (isIPv4(bare) || !isIPv6(bare)) return bare
  const groups = hextets(bare)
  const [g0, g1, g2, g3, g4, g5, high = 0, low = 0] = groups
  const mapped = g5 === 0xffff && [g0, g1, g2, g3, g4].every(group => group === 0)
  return mapped ? [high >> 8, high & 255, low >> 8, low & 255].join(".") : groups
}

function prefix(groups: number[], length: number): string {
  return groups
    .slice(0, length)
    .map(group => group.toString(16))
    .join(":")
}

/** The eight numbers of a valid IPv6 address; the URL parser writes each form in the one canonical way. */
function hextets(address: string): number[] {
  const [before = "", after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::")
  const left = numbers(before)
  const right = numbers(after ?? "")
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

function numbers(groups: string): number[] {
  return groups === "" ? [] : groups.split(":").map(group => Number.parseInt(group, 16))
}
