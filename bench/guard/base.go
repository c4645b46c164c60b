package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build makes the guard with the library of another revision or folder, but the
// pages and the bound of this one, so that nothing but the library differs. It
// needs git, and a history that reaches so far.
func build(against string, progress io.Writer) (program string, done func(), err error) {
	if against == "none" {
		return "", func() {}, errors.New("as asked for")
	}
	scratch, err := os.MkdirTemp("", "guard")
	if err != nil {
		return "", func() {}, err
	}
	done = func() { os.RemoveAll(scratch) }
	library := against
	if info, err := os.Stat(against); err != nil || !info.IsDir() {
		revision, err := resolve(against)
		if err != nil {
			return "", done, err
		}
		fmt.Fprintf(progress, "guard: in turns with the code of %.12s\n", revision)
		library = filepath.Join(scratch, "library")
		if err := unpack(revision, library); err != nil {
			return "", done, err
		}
	}
	program, err = compile(library, scratch)
	return program, done, err
}

// resolve finds the revision of a name. Without one it is where this code left
// the main branch; on that itself the commit before, or the last one if there is
// work that is not committed.
func resolve(name string) (string, error) {
	if name != "" {
		return git("rev-parse", "--verify", name+"^{commit}")
	}
	head, err := git("rev-parse", "--verify", "HEAD")
	if err != nil {
		return "", err
	}
	for _, main := range []string{"origin/main", "main"} {
		if fork, err := git("merge-base", "HEAD", main); err == nil && fork != head {
			return fork, nil
		}
	}
	if changed, err := git("status", "--porcelain", "--untracked-files=no"); err == nil && changed != "" {
		return head, nil
	}
	return git("rev-parse", "--verify", "HEAD^")
}

// unpack writes the root module of a revision to a folder.
func unpack(revision, folder string) error {
	root, err := git("rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	archive, err := git("-C", root, "archive", revision, "--", ".", ":(exclude)bench", ":(exclude)examples")
	if err != nil {
		return err
	}
	for files := tar.NewReader(strings.NewReader(archive)); ; {
		head, err := files.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("git archive: %w", err)
		}
		if head.Typeflag != tar.TypeReg || !filepath.IsLocal(head.Name) {
			continue
		}
		path := filepath.Join(folder, head.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		text, err := io.ReadAll(files)
		if err != nil {
			return fmt.Errorf("git archive: %w", err)
		}
		if err := os.WriteFile(path, text, 0o666); err != nil {
			return err
		}
	}
}

// compile builds this guard, in whose module it runs, with the library in a folder.
func compile(library, scratch string) (program string, err error) {
	library, err = filepath.Abs(library)
	if err != nil {
		return "", err
	}
	module := filepath.Join(scratch, "go.mod")
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("%w: run it in the folder bench", err)
		}
		if err := os.WriteFile(filepath.Join(scratch, name), text, 0o666); err != nil {
			return "", err
		}
	}
	if _, err := output("go", "mod", "edit", "-replace=github.com/ropewalk/ropewalk="+library, module); err != nil {
		return "", err
	}
	program = filepath.Join(scratch, "guard")
	_, err = output("go", "build", "-mod=mod", "-modfile="+module, "-o", program, "./guard")
	if err != nil {
		return "", err
	}
	return program, nil
}

func git(args ...string) (string, error) { return output("git", args...) }

// output is what a command prints, without the space around it.
func output(name string, args ...string) (string, error) {
	var complaints bytes.Buffer
	command := exec.Command(name, args...)
	command.Stderr = &complaints
	text, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(complaints.Bytes()))
	}
	return strings.TrimSpace(string(text)), nil
}
