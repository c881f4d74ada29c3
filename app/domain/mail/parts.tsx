import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Section,
  Text,
} from "@react-email/components"
import type { ReactNode } from "react"
import { displayCode } from "~/domain/links/code-alphabet"

// Mail clients know no custom properties: these are the light tokens as they render.
const colors = {
  paper: "#f4f1ec",
  surface: "#fdfcfa",
  line: "#ddd8d2",
  ink: "#1e2432",
  soft: "#505561",
  lamp: "#90510d",
  glow: "#f8b446",
  onGlow: "#301d0d",
}
const font = "Inter, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

export function MailFrame(props: {
  title: string
  preview: string
  why: string
  appName: string
  appUrl: string
  children: ReactNode
}) {
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light" />
      </Head>
      <Preview>{props.preview}</Preview>
      <Body style={{ backgroundColor: colors.paper, fontFamily: font, margin: 0, padding: "32px 12px" }}>
        <Container
          style={{
            backgroundColor: colors.surface,
            border: `1px solid ${colors.line}`,
            borderRadius: 8,
            maxWidth: 480,
            padding: "32px 32px 24px",
          }}
        >
          <Text style={{ color: colors.lamp, fontSize: 14, fontWeight: 600, margin: "0 0 20px" }}>
            {props.appName}
          </Text>
          <Heading
            as="h1"
            style={{ color: colors.ink, fontSize: 20, lineHeight: "28px", margin: "0 0 16px" }}
          >
            {props.title}
          </Heading>
          {props.children}
          <Hr style={{ borderColor: colors.line, margin: "28px 0 16px" }} />
          <Text style={{ color: colors.soft, fontSize: 13, lineHeight: "20px", margin: 0 }}>{props.why}</Text>
          <Text style={{ color: colors.soft, fontSize: 13, lineHeight: "20px", margin: "8px 0 0" }}>
            <Link href={props.appUrl} style={{ color: colors.soft }}>
              {props.appUrl.replace(/^https?:\/\//, "")}
            </Link>
          </Text>
        </Container>
      </Body>
    </Html>
  )
}

export function MailText({ children }: { children: ReactNode }) {
  return (
    <Text style={{ color: colors.ink, fontSize: 16, lineHeight: "24px", margin: "0 0 16px" }}>
      {children}
    </Text>
  )
}

export function MailNote({ children }: { children: ReactNode }) {
  return (
    <Text style={{ color: colors.soft, fontSize: 14, lineHeight: "22px", margin: "0 0 12px" }}>
      {children}
    </Text>
  )
}

export function MailButton({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Section style={{ margin: "8px 0 20px" }}>
      <Button
        href={href}
        style={{
          backgroundColor: colors.glow,
          borderRadius: 8,
          color: colors.onGlow,
          display: "inline-block",
          fontSize: 16,
          fontWeight: 600,
          padding: "12px 20px",
          textDecoration: "none",
        }}
      >
        {children}
      </Button>
    </Section>
  )
}

/** The code in large type, on a line of its own so that it can be selected and read out. */
export function MailCode({ code }: { code: string }) {
  return (
    <Section
      style={{
        backgroundColor: colors.paper,
        borderRadius: 8,
        margin: "4px 0 16px",
        padding: "12px 0",
        textAlign: "center",
      }}
    >
      <Text
        data-code={code}
        style={{
          color: colors.ink,
          fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
          fontSize: 28,
          fontWeight: 600,
          letterSpacing: 4,
          lineHeight: "36px",
          margin: 0,
        }}
      >
        {displayCode(code)}
      </Text>
    </Section>
  )
}
