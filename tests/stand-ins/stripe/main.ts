import { startLocalStripe } from "./local-stripe"

// Run with `tsx tests/stand-ins/stripe/main.ts`; everything is set by the environment.
const { LOCAL_STRIPE_PORT, LOCAL_STRIPE_WEBHOOK_URL, LOCAL_STRIPE_WEBHOOK_SECRET, LOCAL_STRIPE_STATE } =
  process.env
const { LOCAL_STRIPE_SECRET_KEY, LOCAL_STRIPE_APP_NAME } = process.env

const port = Number(LOCAL_STRIPE_PORT ?? 12111)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`LOCAL_STRIPE_PORT must be a port number, not "${LOCAL_STRIPE_PORT}".`)
  process.exit(1)
}

try {
  const stripe = await startLocalStripe({
    port,
    ...(LOCAL_STRIPE_WEBHOOK_URL ? { webhookUrl: LOCAL_STRIPE_WEBHOOK_URL } : {}),
    ...(LOCAL_STRIPE_WEBHOOK_SECRET ? { webhookSecret: LOCAL_STRIPE_WEBHOOK_SECRET } : {}),
    ...(LOCAL_STRIPE_STATE ? { stateFile: LOCAL_STRIPE_STATE } : {}),
    ...(LOCAL_STRIPE_SECRET_KEY ? { secretKey: LOCAL_STRIPE_SECRET_KEY } : {}),
    ...(LOCAL_STRIPE_APP_NAME ? { appName: LOCAL_STRIPE_APP_NAME } : {}),
  })
  await stripe.seedCatalogue()
  console.log(`Local Stripe – no real money – on ${stripe.url} (key ${stripe.secretKey})`)
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => stripe.stop().then(() => process.exit(0)))
} catch (error) {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE"
  console.error(taken ? `Port ${port} is taken. Set LOCAL_STRIPE_PORT to another one.` : error)
  process.exit(1)
}
