/** What the Remix plugin of Vite makes of app/routes.ts. */
declare module "virtual:remix/server-build" {
  export * from "@remix-run/dev/server-build"
}
