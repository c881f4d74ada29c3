import { err, ok, type Result } from "~/lib/result"

type HeaderValue = string | { prepared: true; foldLines: true; value: string }

/** JSON that nodemailer folds at its spaces instead of encoding it beyond recognition. */
const asWritten = (value: string): HeaderValue => ({ prepared: true, foldLines: true, value })

/**
 * On every mail. The first two keep autoresponders quiet (RFC 3834, MS-OXCMAIL). The others switch off link rewriting
 * and open pixels, because a rewritten sign-in link is opened by the tracker first and shows its token to a third
 * party; each provider reads its own and passes over the rest. Postmark, Mailgun, SendGrid, Mailjet, SparkPost.
 */
const always: Record<string, HeaderValue> = {
  "Auto-Submitted": "auto-generated",
  "X-Auto-Response-Suppress": "All",
  "X-PM-TrackLinks": "None",
  "X-PM-TrackOpens": "false",
  "X-Mailgun-Track": "no",
  "X-SMTPAPI": asWritten(
    '{"filters": {"clicktrack": {"settings": {"enable": 0}}, "opentrack": {"settings": {"enable": 0}}}}',
  ),
  "X-Mailjet-TrackClick": "0",
  "X-Mailjet-TrackOpen": "0",
  "X-MSYS-API": asWritten('{"options": {"click_tracking": false, "open_tracking": false}}'),
}

const ours =
  /^(to|cc|bcc|from|sender|reply-to|return-path|subject|date|message-id|mime-version|received|dkim-signature|(content|resent|arc)-.*)$/i

/** The headers of a mail. Refuses, by name, one that could redirect it or that holds a line break. */
export function mailHeaders(extra: Record<string, string> = {}): Result<Record<string, HeaderValue>, string> {
  for (const [name, value] of Object.entries(extra)) {
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name) || ours.test(name)) return err(name)
    if (/\p{Cc}/u.test(value)) return err(name)
  }
  return ok({ ...always, ...extra })
}

/** Amazon SES has no header for it: it leaves alone the links that carry this attribute, and removes the attribute. */
export function withoutSesTracking(html: string): string {
  return html.replace(/<a\s(?![^>]*\bses:no-track\b)/gi, "<a ses:no-track ")
}
