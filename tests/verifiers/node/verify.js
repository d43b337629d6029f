// Verify a tlog-proof of a treaty register with @sigstore/verify, which verifies entries of Sigstore's log:
//
//   node verify.js VKEYS ENTRY PROOF
//
// It checks the signature of the checkpoint and the inclusion of the entry. VKEYS is a file with the keys that are
// trusted, one a line. One line tells what was found; the exit code is 0 when it was accepted and 1 when refused.
"use strict";

const { createPublicKey, createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { verifyTLogInclusion } = require("@sigstore/verify/dist/tlog");

const ED25519_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const PROOF = /^c2sp\.org\/tlog-proof@v1\nindex (0|[1-9][0-9]*)\n((?:[A-Za-z0-9+/]{43}=\n)*)\n([^]*)$/;

// Sigstore knows a log by a hash, the first four bytes of which stand beside its signatures: a key's id in C2SP.
function authority(vkey) {
  const [, name, encoded] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(vkey);
  const key = Buffer.from(encoded, "base64");
  const logID = createHash("sha256").update(`${name}\n`).update(key).digest();
  const der = Buffer.concat([ED25519_PREFIX, key.subarray(1)]);
  return { logID, baseURL: name, publicKey: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

function entryOf(body, text, logID) {
  const match = PROOF.exec(text);
  if (match === null) throw new Error("this is no tlog-proof");
  const hashes = match[2].split("\n").filter(Boolean).map((hash) => Buffer.from(hash, "base64"));
  const inclusionProof = { logIndex: match[1], hashes, checkpoint: { envelope: match[3] } };
  return { logId: { keyId: logID }, canonicalizedBody: body, inclusionProof };
}

function verify(vkeysFile, entryFile, proofFile) {
  const authorities = readFileSync(vkeysFile, "utf8").split("\n").filter(Boolean).map(authority);
  const [body, text] = [readFileSync(entryFile), readFileSync(proofFile, "utf8")];
  const errors = [];
  for (const each of authorities) {
    try {
      const entry = entryOf(body, text, each.logID);
      verifyTLogInclusion(entry, authorities);
      return `${each.baseURL}: it is entry ${entry.inclusionProof.logIndex}`;
    } catch (error) {
      errors.push(error.message);
    }
  }
  throw new Error(errors.join("; "));
}

try {
  console.log("ACCEPTED:", verify(...process.argv.slice(2)));
} catch (error) {
  console.log("REFUSED:", error.message);
  process.exitCode = 1;
}
