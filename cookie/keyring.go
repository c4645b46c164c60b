package cookie

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	minSecret = 32
	keySize   = 32
)

// Keyring signs or encrypts the values of cookies. Make one with [Signed] or
// [Encrypted]; one keyring may serve any number of cookies.
type Keyring struct {
	keys []key // the first seals, all open
	err  error
}

// key protects plain, and binds it to what it is for.
type key interface {
	seal(purpose, plain []byte) []byte
	open(purpose, sealed []byte) (plain []byte, ok bool)
}

// Signed returns a keyring whose values can be read by anyone and made only with
// one of the secrets (HMAC-SHA-256).
//
// A secret has at least 32 random bytes. The first signs, all are accepted. A
// secret that is too short makes [Cookie.Check] and every use of the keyring
// return an error that says so.
func Signed(secrets ...[]byte) *Keyring {
	return newKeyring("Signed", secrets, func(k []byte) (key, error) { return macKey(k), nil })
}

// Encrypted returns a keyring whose values can be neither read nor made without
// one of the secrets (AES-256-GCM). Secrets are as for [Signed].
func Encrypted(secrets ...[]byte) *Keyring {
	return newKeyring("Encrypted", secrets, newAEADKey)
}

func newKeyring(kind string, secrets [][]byte, newKey func([]byte) (key, error)) *Keyring {
	if len(secrets) == 0 {
		return &Keyring{err: fmt.Errorf("%s has no secret: give it at least one", kind)}
	}
	r := &Keyring{}
	for i, secret := range secrets {
		if len(secret) < minSecret {
			return &Keyring{err: fmt.Errorf("secret %d of %s has %d bytes: use at least %d from crypto/rand", i+1, kind, len(secret), minSecret)}
		}
		derived, err := hkdf.Key(sha256.New, secret, nil, "ropewalk cookie v2 "+kind, keySize)
		if err != nil {
			return &Keyring{err: fmt.Errorf("secret %d of %s: %w", i+1, kind, err)}
		}
		k, err := newKey(derived)
		if err != nil {
			return &Keyring{err: fmt.Errorf("secret %d of %s: %w", i+1, kind, err)}
		}
		r.keys = append(r.keys, k)
	}
	return r
}

func (r *Keyring) usable() error {
	if r.err == nil && len(r.keys) == 0 {
		return errors.New("the keyring is empty: make it with Signed or Encrypted")
	}
	return r.err
}

// Strict refuses a second spelling of the same bytes.
var tokens = base64.RawURLEncoding.Strict()

// A stamp stands before the text: when the value was made and when it ends, zero
// for never, in Unix seconds.
const stampSize = 16

// seal makes the token for a cookie's text.
// The keyring must be usable.
func (r *Keyring) seal(name, text string, end time.Time) string {
	plain := make([]byte, 0, stampSize+len(text))
	plain = appendTime(plain, time.Now())
	plain = append(appendTime(plain, end), text...)
	return tokens.EncodeToString(r.keys[0].seal(purpose(name), plain))
}

// appendTime rounds up, as Max-Age is, so that no value is dead when it is made.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.BigEndian.AppendUint64(b, 0)
	}
	return binary.BigEndian.AppendUint64(b, uint64(t.Add(time.Second-1).Unix()))
}

// open returns the text of a token made for this name, if that is no longer ago
// than life. It takes one spelling of a token: base64 would skip line breaks.
func (r *Keyring) open(name, token string, life time.Duration) (string, error) {
	sealed, err := tokens.DecodeString(token)
	if err != nil || strings.ContainsAny(token, "\r\n") {
		return "", ErrForged
	}
	for _, k := range r.keys {
		if plain, ok := k.open(purpose(name), sealed); ok && len(plain) >= stampSize {
			return unstamp(plain, life)
		}
	}
	return "", ErrForged
}

func unstamp(plain []byte, life time.Duration) (string, error) {
	made := int64(binary.BigEndian.Uint64(plain))
	end := int64(binary.BigEndian.Uint64(plain[8:]))
	now := time.Now().Unix()
	if end != 0 && now >= end || now-made >= int64(seconds(life)) {
		return "", ErrExpired
	}
	return string(plain[stampSize:]), nil
}

// purpose is bound into every token, so that none works under another name.
func purpose(name string) []byte { return []byte("cookie " + name) }

// macKey appends HMAC-SHA-256 to the readable bytes.
type macKey []byte

func (k macKey) seal(purpose, plain []byte) []byte {
	return append(plain, k.sum(purpose, plain)...)
}

func (k macKey) open(purpose, sealed []byte) ([]byte, bool) {
	n := len(sealed) - sha256.Size
	if n < 0 {
		return nil, false
	}
	return sealed[:n], hmac.Equal(sealed[n:], k.sum(purpose, sealed[:n]))
}

// sum puts the length of purpose first, so that no byte can move between the
// two.
func (k macKey) sum(purpose, plain []byte) []byte {
	h := hmac.New(sha256.New, k)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(purpose))))
	h.Write(purpose)
	h.Write(plain)
	return h.Sum(nil)
}

// aeadKey encrypts; the random nonce is part of the sealed bytes.
type aeadKey struct{ cipher.AEAD }

func newAEADKey(k []byte) (key, error) {
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	return aeadKey{gcm}, err
}

func (k aeadKey) seal(purpose, plain []byte) []byte {
	return k.AEAD.Seal(nil, nil, plain, purpose)
}

func (k aeadKey) open(purpose, sealed []byte) ([]byte, bool) {
	plain, err := k.AEAD.Open(nil, nil, sealed, purpose)
	return plain, err == nil
}
