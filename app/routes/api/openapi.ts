import { openApiText } from "~/http/api/document.server"

/** The API as a document for programs. It says nothing of anybody, so anyone may read it from anywhere and keep it for minutes. */
export function loader() {
  return new Response(openApiText(), {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Cache-Control": "public, max-age=300",
      "Access-Control-Allow-Origin": "*",
      "Cross-Origin-Resource-Policy": "cross-origin",
    },
  })
}
