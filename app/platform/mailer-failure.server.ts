import type { NodemailerError } from "nodemailer"
import type { TlsMode } from "~/platform/mailer-tls.server"

/**
 * Why a mail was not sent. `permanent`: this very mail will never be taken, however the settings are mended; everything
 * else is worth another attempt. `words` say what to do. `answer` is what the server said, on one line, without the
 * password and without anything from the mail.
 */
export type SendFailure = {
  kind: "connection" | "tls" | "auth" | "sender-refused" | "recipient-refused" | "timeout" | "other"
  permanent: boolean
  words: string
  answer: string
}

/** What the translation may name: the server as configured. */
export type Server = { host: string; port: number; mode: TlsMode; user?: string | undefined }

type Verdict = Omit<SendFailure, "answer">

/** The errors people meet when they set up mail, in words that say what to do next. */
export function explain(error: NodemailerError, server: Server): Verdict {
  const { code, command = "", responseCode = 0 } = error
  if (code === "ETLS" || isTlsError(error)) return tlsTrouble(error, server)
  if (code === "ETIMEDOUT" || code === "EABORT") return slowness(error, server)
  if (code === "EAUTH" || code === "ENOAUTH" || [530, 534, 535, 538].includes(responseCode)) {
    return loginTrouble(responseCode, server)
  }
  if (responseCode === 421 || ["ECONNECTION", "ESOCKET", "EDNS", "EPROTOCOL"].includes(code ?? "")) {
    return noConnection(error, server)
  }
  if (command === "MAIL FROM" || blamesSender(error)) return senderRefused()
  if (command === "RCPT TO") return recipientRefused(error, server)
  return messageRefused(error)
}

function noConnection(error: NodemailerError, server: Server): Verdict {
  return { kind: "connection", permanent: false, words: connectionWords(error, server) }
}

function connectionWords(error: NodemailerError, { host, port }: Server): string {
  const cause = originalCode(error)
  if (error.code === "EDNS") return `No server called ${host} was found. Check SMTP_HOST.`
  if (cause === "ECONNREFUSED") {
    return `Nothing answers at ${host}, port ${port}. Check SMTP_HOST and SMTP_PORT (587 is usual, 465 for implicit TLS).`
  }
  if (cause === "EHOSTUNREACH" || cause === "ENETUNREACH") {
    return `This machine has no way to ${host}. Check SMTP_HOST and the network.`
  }
  if (error.responseCode === 421) {
    return `${host} is not taking mail at the moment.`
  }
  return `${host} hung up before it took the mail. If it goes on, check SMTP_PORT and whether the provider blocks this machine.`
}

const certificateCodes =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID/

function isTlsError(error: NodemailerError): boolean {
  const cause = originalCode(error)
  return cause.startsWith("ERR_SSL") || cause.startsWith("ERR_TLS") || certificateCodes.test(cause)
}

function tlsTrouble(error: NodemailerError, { host, port, mode }: Server): Verdict {
  const words = certificateCodes.test(originalCode(error))
    ? `The certificate of ${host} is not valid for that name, has expired, or is not signed by a known authority. Set SMTP_HOST to the name on the certificate, or add its authority with NODE_EXTRA_CA_CERTS.`
    : mode === "implicit"
      ? `${host} does not speak TLS from the first byte on port ${port}. Use port 587 with SMTP_TLS=starttls, or port 465.`
      : `${host} does not offer STARTTLS on port ${port}. Use port 465 with SMTP_TLS=implicit, or another port. Only for a server on your own network: SMTP_TLS=none.`
  return { kind: "tls", permanent: false, words }
}

function slowness(error: NodemailerError, { host, port, mode }: Server): Verdict {
  const type = error.timeoutType
  const words =
    type === "GREETING_TIMEOUT" && mode !== "implicit"
      ? `${host} took the connection on port ${port} but did not greet. If the port expects TLS from the first byte, as 465 does, set SMTP_TLS=implicit.`
      : type === "CONNECT_TIMEOUT"
        ? `${host} did not answer on port ${port}. A firewall may be in the way: many hosts block port 25, so try 587 or 465.`
        : `${host} took too long to answer.`
  return { kind: "timeout", permanent: false, words }
}

function loginTrouble(responseCode: number, { host, mode, user }: Server): Verdict {
  const words =
    responseCode === 538 || (responseCode === 530 && mode === "none")
      ? `${host} wants an encrypted connection or a login first. Set SMTP_TLS=starttls, and SMTP_USER and SMTP_PASSWORD.`
      : user === undefined
        ? `${host} wants a login. Set SMTP_USER and SMTP_PASSWORD.`
        : `${host} refused the login. Check SMTP_USER and SMTP_PASSWORD. Gmail and Outlook want an app password, SES its SMTP credentials, Postmark the server token.`
  return { kind: "auth", permanent: false, words }
}

function senderRefused(): Verdict {
  const words =
    "The server does not send mail from this sender. Set MAIL_FROM to an address or domain that the provider has verified."
  return { kind: "sender-refused", permanent: false, words }
}

function recipientRefused(error: NodemailerError, { host, user }: Server): Verdict {
  if (/relay/i.test(error.response ?? "")) {
    const words = user
      ? `${host} does not pass on mail for this login or sender. Check SMTP_USER, and that MAIL_FROM belongs to it.`
      : `${host} does not pass on mail without a login. Set SMTP_USER and SMTP_PASSWORD.`
    return { kind: "auth", permanent: false, words }
  }
  return error.permanent === true
    ? {
        kind: "recipient-refused",
        permanent: true,
        words:
          "The server refused the recipient: the address does not exist or takes no mail. Check its spelling.",
      }
    : {
        kind: "recipient-refused",
        permanent: false,
        words: "The server does not take mail for this recipient at the moment.",
      }
}

function messageRefused(error: NodemailerError): Verdict {
  return error.permanent === true
    ? {
        kind: "other",
        permanent: true,
        words: "The server refused the mail itself, usually as spam or as too large. Its answer says more.",
      }
    : {
        kind: "other",
        permanent: false,
        words: "The server could not take the mail just now.",
      }
}

/** SES, Mailgun and others take the sender at first and refuse it after the message. */
function blamesSender({ response = "" }: NodemailerError): boolean {
  return /not verified|unverified|not (authori[sz]ed|allowed|permitted) to send|sender (address )?(rejected|refused)|send ?as ?denied/i.test(
    response,
  )
}

function originalCode(error: NodemailerError): string {
  return "originalCode" in error && typeof error.originalCode === "string"
    ? error.originalCode
    : (error.code ?? "")
}
