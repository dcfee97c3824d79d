package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"strings"
	"testing"
)

// TestEverythingThatIsExportedIsDocumented reads the library's own files; those that are generated have the
// descriptions of the server's document.
func TestEverythingThatIsExportedIsDocumented(t *testing.T) {
	packages, err := parser.ParseDir(token.NewFileSet(), libraryFolder(t), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	document := func(name *ast.Ident, doc *ast.CommentGroup) {
		if !name.IsExported() {
			return
		}
		count++
		if doc == nil || !strings.HasPrefix(doc.Text(), name.Name) {
			t.Errorf("the comment of %s does not begin with its name", name.Name)
		}
	}
	for _, file := range packages["latchhook"].Files {
		for _, declaration := range file.Decls {
			switch declaration := declaration.(type) {
			case *ast.FuncDecl:
				document(declaration.Name, declaration.Doc)
			case *ast.GenDecl:
				for _, spec := range declaration.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						document(spec.Name, declaration.Doc)
					case *ast.ValueSpec:
						document(spec.Names[0], spec.Doc)
					}
				}
			}
		}
	}
	if count < 30 {
		t.Errorf("only %d were found", count)
	}
}

func libraryFolder(t *testing.T) string {
	t.Helper()
	folder, err := exec.Command("go", "list", "-f", "{{.Dir}}", "latchhook.example/latchhook").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(folder))
}
