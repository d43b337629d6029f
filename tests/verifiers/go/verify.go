// Verify the log of a treaty register with the packages that Go's own checksum database is verified with.
//
//	verify log VKEYS FOLDER                            a whole log, as `treaty export` writes it
//	verify proof VKEYS ENTRY PROOF                     a tlog-proof
//	verify inclusion VKEYS ENTRY CHECKPOINT ANSWER     an answer of /v1/events/{position}/proof
//	verify consistency VKEYS OLD NEW ANSWER            two checkpoints, an answer of /v1/log/consistency
//
// VKEYS is a file with the keys that are trusted, one a line. One line tells what was found; the exit code is 0 when
// all of it was accepted and 1 when something was refused.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1\nindex "

func main() {
	said, err := verify(os.Args[1:])
	if err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
	fmt.Println("ACCEPTED:", said)
}

func verify(args []string) (string, error) {
	forms := map[string]int{"log": 3, "proof": 4, "inclusion": 5, "consistency": 5}
	if len(args) == 0 || forms[args[0]] != len(args) {
		return "", errors.New("say log, proof, inclusion or consistency, and the files that belong to it")
	}
	trusted, err := readVerifiers(args[1])
	if err != nil {
		return "", err
	}
	switch args[0] {
	case "log":
		return verifyLog(trusted, args[2])
	case "proof":
		return verifyProof(trusted, args[2], args[3])
	case "inclusion":
		return verifyInclusion(trusted, args[2], args[3], args[4])
	}
	return verifyConsistency(trusted, args[2], args[3], args[4])
}

func verifyProof(trusted note.Verifiers, entryFile, proofFile string) (string, error) {
	text, err := os.ReadFile(proofFile)
	if err != nil {
		return "", err
	}
	end := strings.Index(string(text), "\n\n")
	if end < 0 || !strings.HasPrefix(string(text), proofHeader) {
		return "", errors.New("this is no tlog-proof")
	}
	lines := strings.Split(string(text[len(proofHeader):end]), "\n")
	index, err := strconv.ParseInt(lines[0], 10, 64)
	if err != nil {
		return "", err
	}
	proof, err := parseHashes(lines[1:])
	if err != nil {
		return "", err
	}
	tree, origin, err := openCheckpoint(trusted, text[end+2:])
	if err != nil {
		return "", err
	}
	return checkInclusion(entryFile, tree, origin, index, proof)
}

func verifyInclusion(trusted note.Verifiers, entryFile, checkpoint, answerFile string) (string, error) {
	tree, origin, err := readCheckpoint(trusted, checkpoint)
	if err != nil {
		return "", err
	}
	answer, err := readAnswer(answerFile)
	if err != nil {
		return "", err
	}
	if answer.Size != tree.N {
		return "", fmt.Errorf("the proof leads to size %d, and the checkpoint is of size %d", answer.Size, tree.N)
	}
	return checkInclusion(entryFile, tree, origin, answer.Index, answer.Hashes)
}

func checkInclusion(entryFile string, tree tlog.Tree, origin string, index int64, proof []tlog.Hash) (string, error) {
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: it is entry %d of %d", origin, index, tree.N), nil
}

func verifyConsistency(trusted note.Verifiers, oldFile, newFile, answerFile string) (string, error) {
	old, origin, err := readCheckpoint(trusted, oldFile)
	if err != nil {
		return "", err
	}
	tree, again, err := readCheckpoint(trusted, newFile)
	if err != nil {
		return "", err
	}
	if origin != again {
		return "", fmt.Errorf("%s and %s are two logs", origin, again)
	}
	answer, err := readAnswer(answerFile)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckTree(answer.Hashes, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: size %d extends size %d", origin, tree.N, old.N), nil
}

// answer is what the ledger's proofs have in common.
type answer struct {
	Index  int64
	Size   int64
	Hashes []tlog.Hash
}

func readAnswer(file string) (found answer, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return found, err
	}
	return found, json.Unmarshal(text, &found)
}

func parseHashes(lines []string) (found []tlog.Hash, err error) {
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}

func readVerifiers(file string) (note.Verifiers, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var found []note.Verifier
	for _, line := range strings.Fields(string(text)) {
		verifier, err := note.NewVerifier(line)
		if err != nil {
			return nil, err
		}
		found = append(found, verifier)
	}
	return note.VerifierList(found...), nil
}

func readCheckpoint(trusted note.Verifiers, file string) (tlog.Tree, string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, "", err
	}
	return openCheckpoint(trusted, text)
}

// openCheckpoint lets Go parse all but the first line, where Go's own log has a fixed text and C2SP the log's name.
func openCheckpoint(trusted note.Verifiers, text []byte) (tlog.Tree, string, error) {
	opened, err := note.Open(text, trusted)
	if err != nil {
		return tlog.Tree{}, "", err
	}
	lines := strings.SplitN(opened.Text, "\n", 2)
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
	return tree, lines[0], err
}
