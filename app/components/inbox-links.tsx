const inboxes = [
  { name: "Gmail", url: "https://mail.google.com/mail/u/0/#inbox", domains: ["gmail.com", "googlemail.com"] },
  {
    name: "Outlook",
    url: "https://outlook.live.com/mail/0/",
    domains: ["outlook.com", "hotmail.com", "live.com", "msn.com"],
  },
  { name: "Yahoo", url: "https://mail.yahoo.com/", domains: ["yahoo.com", "ymail.com"] },
  { name: "iCloud", url: "https://www.icloud.com/mail", domains: ["icloud.com", "me.com", "mac.com"] },
  { name: "Proton", url: "https://mail.proton.me/", domains: ["proton.me", "protonmail.com", "pm.me"] },
] as const

/** Buttons to the common inboxes; only the right one when the address tells which. */
export function InboxLinks({ address, mailboxUrl }: { address: string; mailboxUrl?: string }) {
  const domain = address.split("@").at(-1)?.toLowerCase() ?? ""
  const own = inboxes.filter(inbox => inbox.domains.some(name => name === domain))
  const shown = mailboxUrl
    ? [{ name: "the local mailbox", url: mailboxUrl }]
    : own.length > 0
      ? own
      : inboxes.slice(0, 3)
  return (
    <nav aria-label="Your inbox" className="flex flex-wrap gap-2">
      {shown.map(({ name, url }) => (
        <a
          key={name}
          href={url}
          target="_blank"
          rel="noreferrer"
          className="rounded-md border border-edge bg-surface px-3 py-2 text-ink text-sm no-underline hover:bg-sunken"
        >
          Open {name}
        </a>
      ))}
    </nav>
  )
}
