import { expect, test } from "vitest"
import { ErrorPage } from "~/components/error-page"
import { organizationNavigation } from "~/components/organization-navigation"
import { AppPage, PublicPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { AppShell } from "~/components/shell"
import { CopyButton } from "~/components/ui/copy-button"
import { Steps } from "~/components/ui/steps"
import { Table } from "~/components/ui/table"
import { Time } from "~/components/ui/time"
import { Toast } from "~/components/ui/toast"
import { attribute, element, elements, html } from "./stage"

const person = { name: "Alice Marsh", email: "alice@harbour.example" }
const harbour = { slug: "harbour", name: "Harbour Books" }
const northwind = { slug: "northwind", name: "Northwind Traders" }

function shell(isOperator = false) {
  return html(
    <AppShell
      organizations={[harbour, northwind]}
      current={harbour}
      person={{ ...person, isOperator }}
      nav={organizationNavigation("harbour", "owner")}
    >
      <AppPage title="Members" />
    </AppShell>,
    "/o/harbour/members",
  )
}

test("[H1] each shell has one main region, the skip link's target, and one heading", () => {
  for (const page of [
    shell(),
    html(<PublicPage title="Sign in" />),
    html(<PublicPage title="Plans" width="wide" />),
  ]) {
    expect(elements(page, "main")).toHaveLength(1)
    expect(attribute(element(page, "main"), "id")).toBe("main")
    expect(elements(page, "h1")).toHaveLength(1)
  }
})

test("[H1] the entry you are at is marked, and only that", () => {
  const marked = elements(shell(), "a", { "aria-current": "page" }).map(link => attribute(link, "href"))
  expect(new Set(marked)).toEqual(new Set(["/o/harbour/members"]))
})

test("[L18] without JavaScript the organisations, the account and sign-out are links and forms", () => {
  const page = shell()
  expect(elements(page, "form", { action: "/o/northwind/switch", method: "post" }).length).toBeGreaterThan(0)
  expect(elements(page, "a", { href: "/account/security" }).length).toBeGreaterThan(0)
  expect(elements(page, "form", { action: "/logout", method: "post" }).length).toBeGreaterThan(0)
  expect(elements(page, "summary").length).toBeGreaterThan(2)
})

test("[H1] every button and folding part has a name", () => {
  const page = shell()
  for (const [, tag = "", content = ""] of page.matchAll(
    /(<(?:button|summary)[^>]*>)([\s\S]*?)<\/(?:button|summary)>/g,
  )) {
    const text = content.replace(/<[^>]*>/g, "").trim()
    expect(attribute(tag, "aria-label") ?? text, tag).not.toBe("")
  }
})

test("only an operator is shown the way to the desk", () => {
  expect(shell()).not.toContain('href="/admin"')
  expect(shell(true)).toContain('href="/admin"')
})

test("[L18] the theme's form carries the way back when there is no JavaScript", () => {
  const page = html(<PublicPage title="Sign in" />, "/login?redirectTo=%2Fo%2Fharbour")
  expect(attribute(element(page, "input", { name: "returnTo" }), "value")).toBe(
    "/login?redirectTo=%2Fo%2Fharbour",
  )
  expect(elements(page, "button", { name: "theme" }).map(button => attribute(button, "value"))).toEqual([
    "light",
    "system",
    "dark",
  ])
})

test("[L7] a page whose address holds a token repeats it nowhere, and has the theme's form with the script only", () => {
  const page = html(<PublicPage title="Sign in" />, "/login/link?token=s3cret")
  expect(page).not.toContain("s3cret")
  expect(elements(page, "button", { name: "theme" })).toHaveLength(0)
})

test("[L16] too many requests says when to come back", () => {
  const page = html(<ErrorPage status={429} wait="6 minutes" />)
  expect(page).toContain("6 minutes")
  expect(page).toContain("too often")
})

test("an error the page does not know is ours, and offers a way on", () => {
  const page = html(<ErrorPage status={502} />)
  expect(page).toContain("Something went wrong on our side")
  expect(elements(page, "a", { href: "/" }).length).toBeGreaterThan(0)
})

test("[H1] a table names itself, its columns and its rows", () => {
  const page = html(
    <Table
      caption="Members"
      rows={[person]}
      rowKey={row => row.email}
      columns={[
        { header: "Name", cell: row => row.name },
        { header: "Acts", hideHeader: true, cell: () => "Remove" },
      ]}
    />,
  )
  expect(page).toContain("<caption")
  expect(elements(page, "th", { scope: "col" })).toHaveLength(2)
  expect(elements(page, "th", { scope: "row" })).toHaveLength(1)
  expect(page).toContain("Acts")
})

test("an empty table shows what this place is for instead", () => {
  const page = html(
    <Table caption="Members" rows={[]} rowKey={String} columns={[]} empty={<p>Nobody yet</p>} />,
  )
  expect(page).toContain("Nobody yet")
  expect(page).not.toContain("<table")
})

test("[H1] the current step is told by more than colour", () => {
  const page = html(
    <Steps
      label="Set-up"
      steps={[
        { label: "Profile", state: "done" },
        { label: "Workspace", state: "current" },
      ]}
    />,
  )
  expect(elements(page, "li", { "aria-current": "step" })).toHaveLength(1)
  expect(page).toContain("done")
})

test("[H1] the place of toasts is announced from the start, with or without one", () => {
  expect(attribute(element(html(<Toast toast={null} />), "div", { role: "status" }), "role")).toBe("status")
  const page = html(<Toast toast={{ words: "Bob is now an admin.", kind: "good" }} />)
  expect(page).toContain("Bob is now an admin.")
  expect(page).toContain("Dismiss")
})

test("the server writes times in UTC, machine-readable, and relative ones with the full one on hover", () => {
  const at = Date.UTC(2026, 10, 20, 10, 33)
  expect(html(<Time at={at} />)).toContain("20 Nov 2026, 10:33 UTC")
  const time = element(html(<Time at={at} show="relative" now={at + 180_000} />), "time")
  expect(attribute(time, "title")).toBe("20 Nov 2026, 10:33 UTC")
  expect(attribute(time, "datetime")).toBe("2026-11-20T10:33:00.000Z")
  expect(html(<Time at={at} show="relative" now={at + 180_000} />)).toContain("3 minutes ago")
})

test("[L18] copying is not offered where it cannot work", () => {
  expect(attribute(element(html(<CopyButton text="secret" />), "button"), "class")).toContain("needs-script")
})

test("a page's title ends with the name of the installation", () => {
  expect(pageTitle("Sign in")).toEqual([{ title: "Sign in · Gatehouse" }])
  expect(pageTitle("Sign in", [{ id: "root", data: { appName: "Harbour" } }])).toEqual([
    { title: "Sign in · Harbour" },
  ])
})
