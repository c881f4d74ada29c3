import { Form, Link } from "@remix-run/react"
import type { ReactNode } from "react"
import { useAppName, useSupportEmail } from "~/components/app-name"
import { SwitchOrganization } from "~/components/switch-organization"
import { ThemeSwitch } from "~/components/theme-switch"
import { ButtonLink } from "~/components/ui/button"
import { Logo, LogoMark } from "~/components/ui/logo"
import { useWayIn } from "~/components/way-in"
import { paths } from "~/lib/paths"

type PublicPageProps = {
  title: ReactNode
  lead?: ReactNode
  /** Set below the question: another way, a way back. */
  footer?: ReactNode
  /** `narrow` asks one question under the arch; `wide` shows something, such as the plans. */
  width?: "narrow" | "wide"
  children?: ReactNode
}

/** A page everyone may see. */
export function PublicPage({ width = "narrow", ...page }: PublicPageProps) {
  return (
    <div className="flex min-h-dvh flex-col overflow-x-clip">
      {width === "narrow" ? <Question {...page} /> : <Show {...page} />}
      <PublicFooter />
    </div>
  )
}

function Question({ title, lead, footer, children }: PublicPageProps) {
  return (
    <div className="gate flex flex-col">
      <Link to={paths.home()} className="mx-auto mb-7 rounded-md text-ink">
        <LogoMark className="size-11" label={`${useAppName()}, home`} />
      </Link>
      <main id="main" tabIndex={-1} className="flex flex-col">
        <h1 className="text-center text-ink text-xl">{title}</h1>
        {lead && <div className="mt-2 text-pretty text-center text-base text-ink-soft">{lead}</div>}
        {children && <div className="mt-8">{children}</div>}
        {footer && <div className="mt-8 text-center text-ink-soft text-sm">{footer}</div>}
      </main>
    </div>
  )
}

function Show({ title, lead, footer, children }: PublicPageProps) {
  return (
    <>
      <PublicHeader />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-[72rem] flex-1 px-5 pt-10 pb-16 sm:px-8 sm:pt-16"
      >
        <div className="mx-auto max-w-2xl text-center">
          <h1 className="text-ink text-xl sm:text-2xl">{title}</h1>
          {lead && <div className="mt-3 text-pretty text-base text-ink-soft">{lead}</div>}
        </div>
        {children && <div className="mt-10 sm:mt-12">{children}</div>}
        {footer && <div className="mt-10 text-center text-ink-soft text-sm">{footer}</div>}
      </main>
    </>
  )
}

function PublicHeader() {
  const { to, label } = useWayIn()
  return (
    <header className="border-line border-b">
      <div className="mx-auto flex h-16 w-full max-w-[72rem] items-center justify-between gap-4 px-5 sm:px-8">
        <Link to={paths.home()} className="inline-flex rounded-md" aria-label={`${useAppName()}, home`}>
          <Logo />
        </Link>
        <nav aria-label="Main" className="flex items-center gap-1">
          <ButtonLink to={paths.pricing()} kind="quiet">
            Pricing
          </ButtonLink>
          <ButtonLink to={to} kind="secondary">
            {label}
          </ButtonLink>
        </nav>
      </div>
    </header>
  )
}

function PublicFooter() {
  const supportEmail = useSupportEmail()
  const { to, label, signedIn } = useWayIn()
  return (
    <footer className="relative border-line border-t bg-paper">
      <div className="mx-auto flex w-full max-w-[72rem] flex-wrap items-center justify-between gap-x-6 gap-y-3 px-5 py-4 text-ink-soft text-xs sm:px-8">
        <nav aria-label="Footer" className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Link to={paths.home()} className="hover:text-ink">
            {useAppName()}
          </Link>
          <Link to={paths.pricing()} className="hover:text-ink">
            Pricing
          </Link>
          <Link to={to} className="hover:text-ink">
            {label}
          </Link>
          <SwitchOrganization />
          {signedIn && (
            <Form method="post" action={paths.signOut()}>
              <button type="submit" className="hover:text-ink">
                Sign out
              </button>
            </Form>
          )}
          {supportEmail && (
            <a href={`mailto:${supportEmail}`} className="hover:text-ink">
              Help
            </a>
          )}
        </nav>
        <ThemeSwitch />
      </div>
    </footer>
  )
}

type AppPageProps = {
  title: ReactNode
  lead?: ReactNode
  /** The one primary act of the page. */
  action?: ReactNode
  children?: ReactNode
}

/** A page inside a shell: its title, one primary act, then its body. */
export function AppPage({ title, lead, action, children }: AppPageProps) {
  return (
    <>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="text-ink text-xl">{title}</h1>
          {lead && <div className="mt-1 max-w-2xl text-ink-soft text-sm">{lead}</div>}
        </div>
        {action && <div className="flex shrink-0 items-center gap-2">{action}</div>}
      </header>
      <div className="mt-8 flex flex-col gap-6">{children}</div>
    </>
  )
}
