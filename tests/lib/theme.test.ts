import { expect, test } from "vitest"
import { parseTheme, themeCookie, themeFromCookies } from "~/lib/theme"

test("[H2] the theme is read from among other cookies, and follows the device without one", () => {
  expect(themeFromCookies("a=b; theme=dark; c=d")).toBe("dark")
  expect(themeFromCookies("mytheme=dark")).toBe("system")
  expect(themeFromCookies(null)).toBe("system")
})

test("[H2] what is no theme counts as the device's", () => {
  for (const value of ["<script>", "", null, undefined, 3]) expect(parseTheme(value)).toBe("system")
})

test("[H2] a choice lasts a year, and choosing the device's forgets it", () => {
  expect(themeCookie("dark", { secure: true })).toBe(
    "theme=dark; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure",
  )
  expect(themeCookie("system", { secure: false })).toContain("Max-Age=0")
})
