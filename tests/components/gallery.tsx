import Mail from "lucide-react/icons/mail"
import UserPlus from "lucide-react/icons/user-plus"
import Users from "lucide-react/icons/users"
import type { ReactNode } from "react"
import { ErrorPage } from "~/components/error-page"
import { organizationNavigation } from "~/components/organization-navigation"
import { AppPage, PublicPage } from "~/components/page"
import { AdminShell, AppShell } from "~/components/shell"
import { Avatar } from "~/components/ui/avatar"
import { Badge } from "~/components/ui/badge"
import { Banner } from "~/components/ui/banner"
import { Button, ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Checkbox } from "~/components/ui/checkbox"
import { CodeInput } from "~/components/ui/code-input"
import { CopyButton } from "~/components/ui/copy-button"
import { Dialog } from "~/components/ui/dialog"
import { EmptyState } from "~/components/ui/empty-state"
import { Facts } from "~/components/ui/facts"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { Money } from "~/components/ui/money"
import { Progress } from "~/components/ui/progress"
import { RadioCards } from "~/components/ui/radio-cards"
import { Select } from "~/components/ui/select"
import { Spinner } from "~/components/ui/spinner"
import { Steps } from "~/components/ui/steps"
import { Table } from "~/components/ui/table"
import { TextArea } from "~/components/ui/text-area"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { Time } from "~/components/ui/time"
import { Toast } from "~/components/ui/toast"

const now = Date.UTC(2026, 10, 20, 10, 33)
const organizations = [
  { slug: "harbour", name: "Harbour Books" },
  { slug: "northwind", name: "Northwind Traders" },
]
const alice = { name: "Alice Marsh", email: "alice@harbour.example", isOperator: true }

const toast = { words: "Bob Penn is now an admin." }

const members = [
  { name: "Alice Marsh", email: "alice@harbour.example", role: "Owner", seen: now - 4 * 60_000 },
  { name: "Amir Haddad", email: "amir@harbour.example", role: "Admin", seen: now - 26 * 3_600_000 },
  { name: "Bob Penn", email: "bob.penn@harbour.example", role: "Member", seen: now - 9 * 86_400_000 },
]

/** Every part in a believable place, for looking at; each scene is a page. */
export const scenes: Record<string, ReactNode> = {
  "sign-in": (
    <PublicPage
      title="Sign in"
      lead="We send you a link. No password needed."
      footer={
        <>
          New here? <TextLink to="/pricing">See the plans</TextLink>
        </>
      }
    >
      <Form action="/login">
        <Honeypot time={{ name: "seen", value: "1" }} />
        <Field name="email" label="E-mail address">
          <TextInput type="email" autoComplete="email" placeholder="you@example.com" />
        </Field>
        <Button size="large" wide>
          Send me a link
        </Button>
      </Form>
    </PublicPage>
  ),
  "sign-in-wrong": (
    <PublicPage title="Sign in" lead="We send you a link. No password needed.">
      <Form
        action="/login"
        problem={{
          fields: { email: "This does not look like an e-mail address." },
          values: { email: "alice@" },
        }}
      >
        <Field name="email" label="E-mail address" hint="The one you signed up with.">
          <TextInput type="email" autoComplete="email" />
        </Field>
        <Button size="large" wide>
          Send me a link
        </Button>
      </Form>
    </PublicPage>
  ),
  sent: (
    <PublicPage
      title="Check your mail"
      lead="If alice@harbour.example has an account, a link is on its way. It works for 15 minutes."
      footer={<TextLink to="/login">Use another address</TextLink>}
    >
      <Form action="/login/code">
        <Field name="code" label="Or type the code from the mail">
          <CodeInput defaultValue="K7Q 4MX" />
        </Field>
        <Button size="large" wide>
          Sign in
        </Button>
      </Form>
      <div className="mt-5 flex justify-center gap-2">
        <ButtonLink to="https://mail.google.com" kind="secondary" size="small">
          Open Gmail
        </ButtonLink>
        <ButtonLink to="https://outlook.live.com" kind="secondary" size="small">
          Open Outlook
        </ButtonLink>
      </div>
    </PublicPage>
  ),
  pending: (
    <PublicPage
      title="Setting up Harbour Books"
      lead="Your payment has arrived. We are preparing your organisation; this takes a few seconds."
    >
      <Progress label="Preparing your organisation" />
    </PublicPage>
  ),
  pricing: (
    <PublicPage
      width="wide"
      title="A plan for every gate"
      lead="Start small. Change or cancel whenever you like."
    >
      <div className="mx-auto max-w-2xl">
        <Card>
          <Form
            action="/checkout"
            problem={{ message: "We could not reach the payment page. Please try again." }}
          >
            <RadioCards
              name="plan"
              legend="Plan"
              defaultValue="professional"
              options={[
                {
                  value: "starter",
                  title: "Starter",
                  aside: <Money amount={2900} currency="usd" short />,
                  note: "For up to 50 people.",
                },
                {
                  value: "professional",
                  title: (
                    <>
                      Professional <Badge tone="lamp">Most chosen</Badge>
                    </>
                  ),
                  aside: <Money amount={7900} currency="usd" short />,
                  note: "For up to 200 people.",
                },
                {
                  value: "enterprise",
                  title: "Enterprise",
                  aside: <Money amount={19900} currency="usd" short />,
                  note: "As many people as you like.",
                },
              ]}
            />
            <Field name="email" label="E-mail address">
              <TextInput type="email" />
            </Field>
            <Field name="businessName" label="Name of your business" optional>
              <TextInput />
            </Field>
            <Button size="large">Go to payment</Button>
          </Form>
        </Card>
      </div>
    </PublicPage>
  ),
  members: (
    <AppShell
      organizations={organizations}
      current={organizations[0] ?? null}
      person={alice}
      nav={organizationNavigation("harbour", "owner")}
      banner={
        <Banner
          tone="warn"
          title="Your last payment failed"
          action={
            <ButtonLink to="/o/harbour/billing" kind="secondary" size="small">
              Update the card
            </ButtonLink>
          }
        >
          Access stays as it is until 27 November.
        </Banner>
      }
    >
      <AppPage
        title="Members"
        lead="3 of 50 seats are taken."
        action={<Button icon={<UserPlus className="size-4" aria-hidden />}>Invite people</Button>}
      >
        <Card flush>
          <Table
            caption="Members"
            rows={members}
            rowKey={member => member.email}
            columns={[
              {
                header: "Name",
                cell: member => (
                  <span className="flex items-center gap-3">
                    <Avatar name={member.name} />
                    <span className="min-w-0">
                      <span className="block font-medium">{member.name}</span>
                      <span className="block text-ink-soft text-xs">{member.email}</span>
                    </span>
                  </span>
                ),
              },
              {
                header: "Role",
                cell: member => (
                  <Badge tone={member.role === "Owner" ? "lamp" : "plain"}>{member.role}</Badge>
                ),
              },
              { header: "Last seen", cell: member => <Time at={member.seen} show="relative" now={now} /> },
              {
                header: "Acts",
                hideHeader: true,
                align: "end",
                cell: () => (
                  <Button kind="quiet" size="small">
                    Remove
                  </Button>
                ),
              },
            ]}
          />
        </Card>
        <Card title="Invitations" lead="Links work for seven days.">
          <EmptyState
            icon={<Mail />}
            title="Nobody is on the way"
            action={<Button kind="secondary">Invite the first</Button>}
          >
            Invite the people you work with. Each gets a link by e-mail and joins with the role you choose.
          </EmptyState>
        </Card>
      </AppPage>
      <Toast toast={toast} />
    </AppShell>
  ),
  billing: (
    <AppShell
      organizations={organizations}
      current={organizations[0] ?? null}
      person={alice}
      nav={organizationNavigation("harbour", "owner")}
    >
      <AppPage title="Billing" action={<Button>Open the customer portal</Button>}>
        <Steps
          label="Set-up"
          steps={[
            { label: "Your profile", state: "done", to: "/onboarding" },
            { label: "Workspace", state: "current", to: "/onboarding" },
            { label: "Invite people", state: "open" },
          ]}
        />
        <Card title="Plan" footer="Invoices and cards are kept at Stripe.">
          <Facts
            items={[
              { label: "Plan", value: "Professional" },
              { label: "Status", value: <Badge tone="good">Active</Badge> },
              { label: "Price", value: <Money amount={7900} currency="usd" /> },
              { label: "Renews", value: <Time at={now + 86_400_000 * 12} show="date" /> },
            ]}
          />
        </Card>
        <Card title="Invite people">
          <Form
            className="max-w-xl"
            action="/invite"
            problem={{
              fields: { emails: "“bob@” is not an e-mail address.", role: "Please choose a role." },
            }}
          >
            <Field name="emails" label="E-mail addresses" hint="One on each line.">
              <TextArea defaultValue="bob@" />
            </Field>
            <Field name="role" label="Role">
              <Select
                options={[
                  { value: "member", label: "Member" },
                  { value: "admin", label: "Admin" },
                ]}
              />
            </Field>
            <Checkbox name="copy" label="Send me a copy" />
            <div className="flex flex-wrap gap-2">
              <Button kind="secondary">Send invitations</Button>
              <Button kind="quiet">Cancel</Button>
              <CopyButton text="https://gate.example/i" label="Copy link" size="medium" />
            </div>
          </Form>
        </Card>
        <Banner tone="good">The subscription is active again.</Banner>
        <Banner tone="bad" title="The card was refused">
          Please use another one.
        </Banner>
        <Banner>Bank debits take up to five days to arrive.</Banner>
        <div className="flex flex-wrap items-center gap-3">
          <Dialog
            trigger="Close this organisation"
            triggerKind="danger"
            title="Close Harbour Books?"
            lead="Its three members lose access at once. You can restore it for 30 days."
          >
            <Form action="/close">
              <Field name="name" label="Type the name of the organisation">
                <TextInput />
              </Field>
              <Button kind="danger">Close Harbour Books</Button>
            </Form>
          </Dialog>
          <Spinner label="Loading" />
          <Badge>Plain</Badge>
          <Badge tone="good">Sent</Badge>
          <Badge tone="warn">Waiting</Badge>
          <Badge tone="bad">Failed</Badge>
          <Progress label="Seats" value={0.3} />
        </div>
      </AppPage>
    </AppShell>
  ),
  desk: (
    <AdminShell
      organizations={organizations}
      person={alice}
      nav={[{ to: "/desk", label: "Overview", icon: <Users aria-hidden />, end: true }]}
    >
      <AppPage title="Overview" />
    </AdminShell>
  ),
  "too-often": <ErrorPage status={429} wait="6 minutes" />,
}
