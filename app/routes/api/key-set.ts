import { keySetLifetime, publicKeySet, signingKey } from "~/platform/signing-keys.server"

/** The public keys by which other programs check our access tokens (RFC 7517). They may keep them for minutes, not for days. */
export async function loader() {
  await signingKey()
  return Response.json(publicKeySet(), {
    headers: {
      "Cache-Control": `public, max-age=${keySetLifetime / 1000}`,
      "Access-Control-Allow-Origin": "*",
      "Cross-Origin-Resource-Policy": "cross-origin",
    },
  })
}
