import type { Person } from "./database"

/** The facts of our page of devices, without its looks. */
export function devicesPage(
  person: Person,
  organizations: { slug: string; name: string }[],
  devices: { userAgent: string; clientAddress: string; lastSeenAt: number }[],
): string {
  const links = organizations.map(({ slug, name }) => `<li><a href="/o/${slug}">${escaped(name)}</a>`)
  const rows = devices.map(
    device =>
      `<tr><td>${escaped(device.userAgent)}<td>${device.clientAddress}<td>${new Date(device.lastSeenAt).toISOString()}`,
  )
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Devices</title><nav><ul>${links.join("")}</ul>${escaped(person.name)} ${escaped(person.email)}</nav><main><h1>Devices</h1><table><tr><th>Device<th>Address<th>Last seen${rows.join("")}</table></main></html>`
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
}
