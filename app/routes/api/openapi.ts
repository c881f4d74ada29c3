import { openApiDocument } from "~/http/api/document.server"

/** The API as a document for programs. It says nothing of anybody, so anyone may read it from anywhere. */
export function loader() {
  return Response.json(openApiDocument(), {
    headers: { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" },
  })
}
