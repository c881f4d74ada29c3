import type { ReactNode } from "react"
import type { z } from "zod"
import type { Purpose } from "~/domain/links/purposes"

export type MessageContext = {
  /** The address of the fresh link; empty for messages without one. */
  link: string
  /** The code that goes with the link, where there is one. */
  code?: string
  /** How long the link lives, in words: "15 minutes". */
  lifetime: string
  appName: string
  appUrl: string
}

type Definition<Parameters extends z.ZodType> = {
  name: string
  /** What the outbox row must hold. Never a token. */
  parameters: Parameters
  /** Set when the mail carries a link of this purpose; it is made while sending. */
  purpose?: Purpose
  /** Set when the mail carries a code that proves a signed-in person anew; it is made while sending. */
  carriesProof?: true
  /** Set when the mail carries the way back from a change of address; it is made while sending. */
  carriesUndo?: true
  subject: (parameters: z.output<Parameters>, appName: string) => string
  /** The line that shows behind the subject in an inbox. */
  preview: (parameters: z.output<Parameters>) => string
  /** Why this mail came, said at its foot. */
  why: (parameters: z.output<Parameters>) => string
  body: (content: MessageContext & { parameters: z.output<Parameters> }) => ReactNode
}

export type ComposedMessage = { subject: string; preview: string; why: string; body: ReactNode }

/** A mail, from one source for HTML and text [M3]. */
export type Message<Parameters extends z.ZodType = z.ZodType> = {
  name: string
  purpose?: Purpose
  carriesProof?: true
  carriesUndo?: true
  parameters: Parameters
  /** The message for stored parameters. Throws when they are not what the message declares. */
  compose: (stored: unknown, context: MessageContext) => ComposedMessage
}

/** Declares a message. */
export function message<Parameters extends z.ZodType>(
  definition: Definition<Parameters>,
): Message<Parameters> {
  const { name, purpose, carriesProof, carriesUndo } = definition
  return {
    name,
    purpose,
    carriesProof,
    carriesUndo,
    parameters: definition.parameters,
    compose: (stored, context) => {
      const parameters = definition.parameters.parse(stored)
      return {
        subject: definition.subject(parameters, context.appName).replace(/\s+/g, " ").trim(),
        preview: definition.preview(parameters),
        why: definition.why(parameters),
        body: definition.body({ ...context, parameters }),
      }
    },
  }
}
