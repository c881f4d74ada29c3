-- DropIndex
DROP INDEX "StripeEvent_state_receivedAt_idx";

-- CreateIndex
CREATE INDEX "DriftFinding_stripeSubscriptionId_idx" ON "DriftFinding"("stripeSubscriptionId");

-- CreateIndex
CREATE INDEX "StripeEvent_state_receivedAt_id_idx" ON "StripeEvent"("state", "receivedAt", "id");

-- CreateIndex
CREATE INDEX "StripeEvent_type_receivedAt_id_idx" ON "StripeEvent"("type", "receivedAt", "id");

-- CreateIndex
CREATE INDEX "StripeEvent_receivedAt_id_idx" ON "StripeEvent"("receivedAt", "id");
