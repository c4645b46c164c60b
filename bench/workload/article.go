package workload

// Article is a page of long texts.
type Article struct {
	Title, Author, Date string
	Sections            []Section
}

// A Section is a heading and its paragraphs.
type Section struct {
	Heading    string
	Paragraphs []string
}

// newArticle writes sections until there are at least so many bytes of text.
// About one byte in two hundred has to be escaped.
func newArticle(size int) Article {
	sentences := []string{
		"A rope is stronger than the sum of its yarns, because a yarn that gives way hands its load to its neighbours.",
		"The shed where it was made had to be as long as the rope, so some of them were among the longest buildings of their age.",
		"Workers walked backwards all day, spinning the fibre that they wore around the waist, and covered many miles between the two doors.",
		"Hemp came first, then manila, then steel & nylon; the motion stayed what it was.",
		"“Lay” is the word for the way in which the strands turn around each other, and it is either right or left.",
		"If the strands are < 3 the rope kinks, and if they are > 4 it needs a heart to lie upon.",
		"A good walk didn't smell of anything but tar, and the tar was there to keep the rain out.",
		"Each strand is twisted against the turn of its yarns, so that neither can come undone without tightening the other.",
		"Nothing in this is fast; everything in it happens at the same time and comes out in one order.",
		"When the carriage at the far end had crept forward by a third of the length, the rope was done.",
	}
	headings := []string{"The shed", "Fibre & yarn", "Laying the strands", "Tar", "What is left"}
	page := Article{Title: "How ropes were made", Author: "M. Håkansson & Co", Date: "2024-03-09"}
	next, written := 0, 0
	for written < size {
		section := Section{Heading: headings[len(page.Sections)%len(headings)]}
		for len(section.Paragraphs) < 6 {
			paragraph := sentences[next%len(sentences)]
			for n := 3 + next%5; n > 0; n-- {
				next++
				paragraph += " " + sentences[(next*3+n)%len(sentences)]
			}
			written += len(paragraph)
			section.Paragraphs = append(section.Paragraphs, paragraph)
		}
		page.Sections = append(page.Sections, section)
	}
	return page
}
