import { useFetcher, useLocation, useRouteLoaderData } from "@remix-run/react"
import Monitor from "lucide-react/icons/monitor"
import Moon from "lucide-react/icons/moon"
import Sun from "lucide-react/icons/sun"
import { classNames } from "~/components/class-names"
import { useHydrated } from "~/components/use-hydrated"
import { paths } from "~/lib/paths"
import { parseTheme, type Theme } from "~/lib/theme"

const choices: { theme: Theme; label: string; Icon: typeof Sun }[] = [
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "system", label: "As my device", Icon: Monitor },
  { theme: "dark", label: "Dark", Icon: Moon },
]

/** The theme in force: what was just chosen, else the cookie's. */
export function useTheme(): Theme {
  const data = useRouteLoaderData<{ theme?: string }>("root")
  const fetcher = useFetcher({ key: "theme" })
  return parseTheme(fetcher.formData?.get("theme") ?? data?.theme)
}

/**
 * Light, dark, or as the device says. A plain form: without JavaScript the page comes back in the other light. A page whose
 * address holds a token would have to repeat it for that [L7], so there the switch comes with the script only.
 */
export function ThemeSwitch() {
  const theme = useTheme()
  const fetcher = useFetcher({ key: "theme" })
  const location = useLocation()
  const scripted = useHydrated()
  if (!scripted && new URLSearchParams(location.search).has("token")) return <span className="h-8" />
  return (
    <fetcher.Form method="post" action={paths.theme()} className="inline-flex">
      {!scripted && <input type="hidden" name="returnTo" value={location.pathname + location.search} />}
      <fieldset className="inline-flex rounded-full border border-line p-0.5">
        <legend className="sr-only">Theme</legend>
        {choices.map(({ theme: choice, label, Icon }) => (
          <button
            key={choice}
            type="submit"
            name="theme"
            value={choice}
            title={label}
            aria-pressed={choice === theme}
            className={classNames(
              "flex size-7 items-center justify-center rounded-full text-ink-soft hover:text-ink",
              "aria-pressed:bg-sunken aria-pressed:text-lamp",
            )}
          >
            <Icon className="size-4" aria-hidden />
            <span className="sr-only">{label}</span>
          </button>
        ))}
      </fieldset>
    </fetcher.Form>
  )
}
