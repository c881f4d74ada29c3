/** The rows of prisma/schema.prisma, as types. */
export type {
  ArchiveHold,
  AuditEntry,
  Checkout,
  DriftFinding,
  Invitation,
  Invoice,
  Job,
  Link,
  Mail,
  Organization,
  OwnershipTransfer,
  SecurityEvent,
  Session,
  StripeEvent,
  Subscription,
  User,
} from "../../prisma/generated/client"
