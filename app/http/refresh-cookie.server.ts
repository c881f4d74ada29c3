import { refreshTokenLifetime } from "~/domain/sign-in/refresh-tokens.server"
import { hostCookie } from "~/http/session-cookie.server"

/** Where a client keeps its refresh token: out of reach of scripts, and sent nowhere but where it is of use [A2]. */
export const refreshCookie = hostCookie("gatehouse-refresh", () => refreshTokenLifetime, {
  path: "/api/auth",
  sameSite: "strict",
})
