package request

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"reflect"
)

// textInStream is how many bytes the values of a streamed form take in memory at
// most, whatever its files may have.
const textInStream = 1 << 20

// File is an uploaded file on its way.
type File struct {
	Field       string // the name of its field, as it was sent
	Name        string // what the browser calls it: see [SafeName]
	ContentType string // what the browser takes it for

	part     *multipart.Part
	left     int64
	tooLarge bool
	broken   error
}

// Stream reads a multipart form whose files are larger than memory should be. It
// calls save for each file when it arrives, in the order of the form, and then
// decodes the values of the other fields into a T, as [Form] does.
//
// Limits.Body is for all that is sent and Limits.File for each file; raise both.
// A file that is larger makes its field wrong: what save has read of it should be
// thrown away, as it is by [File.Temp]. Any other error of save ends the reading
// and is returned.
//
// What save has stored is the program's, also if Stream returns an error.
func Stream[T any](r *http.Request, save func(*File) error, limits ...Limits) (T, error) {
	var v T
	l := chosen(limits)
	s := stream{limits: l, wrong: mistakes{}}
	s.src = source{op: "Stream", code: http.StatusUnprocessableEntity, values: url.Values{}}
	if _, err := formDecoder.shapeOf(reflect.TypeFor[T]()); err != nil { // before anything is saved
		return v, fmt.Errorf("request: Stream: %w", err)
	}
	if err := s.read(r, save); err != nil {
		return v, err
	}
	err := formDecoder.decode(&v, s.src, l)
	if len(s.wrong) == 0 {
		return v, err
	}
	wrong := &FieldErrors{Values: s.src.values, op: "Stream"}
	if err != nil && !errors.As(err, &wrong) {
		return v, err
	}
	wrong.Fields = append(wrong.Fields, s.wrong.sorted()...)
	return v, wrong
}

// stream is one form that is being read.
type stream struct {
	limits Limits
	src    source
	text   int64 // bytes of values
	values int
	files  int
	wrong  mistakes
}

func (s *stream) read(r *http.Request, save func(*File) error) error {
	if _, err := contentType(r, "Stream", multipartType); err != nil {
		return err
	}
	if err := limitBody(r, "Stream", s.limits); err != nil {
		return err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return bodyError("Stream", err, http.StatusBadRequest)
	}
	for {
		part, err := parts.NextPart()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return bodyError("Stream", err, http.StatusBadRequest)
		case part.FormName() == "":
		case part.FileName() == "": // also where no file was chosen
			err = s.value(part)
		default:
			err = s.file(part, save)
		}
		if err != nil {
			return err
		}
	}
}

func (s *stream) value(part *multipart.Part) error {
	if s.values++; s.values > s.limits.Fields {
		return tooManyFields("Stream", s.limits)
	}
	text, err := io.ReadAll(io.LimitReader(part, textInStream-s.text+1))
	if err != nil {
		return bodyError("Stream", err, http.StatusBadRequest)
	}
	if s.text += int64(len(text)); s.text > textInStream {
		return tooLarge("Stream", "the fields that are no files have more than %d bytes", textInStream)
	}
	s.src.values.Add(part.FormName(), string(text))
	return nil
}

func (s *stream) file(part *multipart.Part, save func(*File) error) error {
	if s.files++; s.files > s.limits.Files {
		return tooManyFiles("Stream", s.limits)
	}
	f := &File{
		Field: part.FormName(), Name: part.FileName(), ContentType: part.Header.Get("Content-Type"),
		part: part, left: s.limits.File,
	}
	err := save(f)
	switch {
	case f.tooLarge:
		s.wrong.add(dotted(f.Field), fileTooLarge(s.limits), ErrFileTooLarge)
		return nil
	case f.broken != nil:
		return bodyError("Stream", f.broken, http.StatusBadRequest)
	}
	return err
}

// Read reads the file. Its error is [ErrFileTooLarge] where the file has more
// bytes than Limits.File.
func (f *File) Read(p []byte) (int, error) {
	if f.tooLarge {
		return 0, ErrFileTooLarge
	}
	if int64(len(p))-1 > f.left { // one byte more tells that there is more
		p = p[:f.left+1]
	}
	n, err := f.part.Read(p)
	if f.left -= int64(n); f.left < 0 {
		f.tooLarge = true
		return n - 1, ErrFileTooLarge
	}
	if err != nil && err != io.EOF {
		f.broken = err
	}
	return n, err
}

// Temp puts the file into a new one in dir, or in the system's folder for such
// files if dir is empty, and returns it, to be read from its beginning. Close and
// remove it. If the file cannot be read as a whole, nothing is left of it.
func (f *File) Temp(dir string) (*os.File, error) {
	temp, err := os.CreateTemp(dir, "upload-*")
	if err != nil {
		return nil, fmt.Errorf("request: File.Temp: %w", err)
	}
	if _, err = io.Copy(temp, f); err == nil {
		_, err = temp.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = temp.Close()
		_ = os.Remove(temp.Name())
		return nil, fmt.Errorf("request: File.Temp: %w", err)
	}
	return temp, nil
}
