/**
 * A name for a mail to someone who has never heard of it. Anyone may call an organisation "Win at evil.example", and mail
 * programs turn that into a link under our sender. A space after each inner dot, and no scheme, leave nothing to click.
 */
export function plainName(name: string): string {
  return name
    .replace(/[a-z][a-z0-9+.-]*:\/+|\b(mailto|tel|sms):/giu, "")
    .replace(/(?<=\S)[.。．｡․﹒](?=\S)/gu, ". ")
    .replace(/(?<=\S)@(?=\S)/gu, " at ")
    .trim()
}
