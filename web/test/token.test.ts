/** A token is fresh whenever it is used, and is never asked for twice at once. */
import assert from "node:assert/strict";
import test from "node:test";
import { claimsOf, Tokens } from "../src/widget/net/token";
import { Trouble } from "../src/widget/net/trouble";

function token(claims: object): string {
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
}

/** Tokens from a counting source, on a clock that the test sets. */
function counted(life: number) {
  const clock = { now: 1_000_000_000 };
  let asked = 0;
  const source = async (): Promise<string> => {
    asked += 1;
    return token({ sub: "anna", iat: clock.now / 1000, exp: clock.now / 1000 + life });
  };
  return { clock, tokens: new Tokens(source, () => clock.now), asked: () => asked };
}

test("claims are read, and rubbish says nothing", () => {
  assert.deepEqual(claimsOf(token({ sub: "żaneta", iat: 10, exp: 70 }), 0), { sub: "żaneta", life: 60_000 });
  for (const bad of ["", "a", "a.b.c", token([]), "..", token({ exp: "x" })]) {
    assert.deepEqual(claimsOf(bad, 0), { sub: null, life: null });
  }
});

test("it is renewed half a minute before it runs out, not earlier", async () => {
  const { clock, tokens, asked } = counted(600);
  await tokens.get();
  clock.now += 569_000;
  await tokens.get();
  assert.equal(asked(), 1);
  clock.now += 2_000;
  await tokens.get();
  assert.equal(asked(), 2);
  tokens.forget();
});

test("a machine with a wrong clock renews in time too", async () => {
  const clock = { now: 0 };
  const tokens = new Tokens(() => token({ iat: 5_000_000, exp: 5_000_600 }), () => clock.now);
  await tokens.get();
  clock.now = 571_000;
  let renewed = false;
  tokens.renew = async () => ((renewed = true), "t");
  await tokens.get();
  assert.ok(renewed);
  tokens.forget();
});

test("several that need one at once ask once", async () => {
  const { tokens, asked } = counted(600);
  await Promise.all([tokens.get(), tokens.get(), tokens.renew()]);
  assert.equal(asked(), 1);
  tokens.forget();
});

test("a host that gives none, or fails, means signed out", async () => {
  for (const source of [() => "", () => Promise.reject(new Error("x")), () => undefined as unknown as string]) {
    await assert.rejects(new Tokens(source).get(), (fault) => fault instanceof Trouble && fault.code === "signed_out");
  }
});

test("after shutdown a token that comes late is not kept", async () => {
  let give: (token: string) => void = () => undefined;
  const tokens = new Tokens(() => new Promise((done) => (give = done)));
  const asked = tokens.get();
  tokens.forget();
  give("late");
  await assert.rejects(asked);
  assert.equal(tokens.subject, null);
});
