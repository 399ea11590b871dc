"""The words by which people tell of a job search: what they call employers, places, posts and ways to apply.

Patterns are for texts as `base.plain` makes them: without accents and capitals.
"""

from __future__ import annotations

import re

from eservices.models import ApplyChannel, Result, Workload

COMPANIES = """
    (?:pressing )?5 a sec|adecco|air liquide|aldi|aligro|alstom|amag|axa|barry callebaut|bcge|bershka|bobst|bongenie|brico-?marche|bucherer
    burger king|c&a|calida|caran d'ache|cargill|caritas|carrefour|cartier|cern|cff|chanel|chopard|clarins|coop city|coop
    coop pronto|credit suisse|croix-rouge|decathlon|deloitte|denner|dhl|digitec|domino's|dosenbach|dpd|easyjet|edelweiss
    fedex|firmenich|fnac|galexis|gate gourmet|generali|givaudan|globus|groupe mutuel|h ?& ?m|helvetia|hermes
    hilti|holy cow|honegger|hornbach|hospice general|hug|ibis|ikea|imad|implenia|interdiscount|interio|intersport|iss
    jumbo|kelly services|kfc|kpmg|kuoni|la mobiliere|la poste|landi|lidl|logitech|lombard odier|longines
    losinger marazzi|losinger|mango|manor|manpower|marionnaud|mc ?do(?:nald'?s?)?|media ?markt|mercure|migrolino|migros
    mirabaud|mobilezone|naef|naville|nespresso|nestle|novartis|novotel|obi|ochsner(?: sport)?|omega|onet|onu|oms|orllati
    otto'?s|patek(?: philippe)?|payot|piaget|pictet|pilet ?& ?renaud|poste|primark|privera|protectas|proctor|qualipet
    raiffeisen|randstad|richemont|roche|rolex|salt|schindler|securitas|selecta|sephora|sig|smood|spitex|starbucks
    stadler|sun ?store|sunrise|swatch(?: group)?|swiss life|swisscom|swissport|tag heuer|tally weijl|tpg|uber(?: eats)?
    ubs|uniqa|uniqlo|vacheron(?: constantin)?|vebego|visana|visilab|vogele|zara|zurich assurances
"""
"""Employers that people name without a word that says what they are."""

EMPLOYERS = """
    agence|aeroport|association|atelier|auberge|banque|bar|bijouterie|blanchisserie|boite|boucherie|boulangerie|boutique
    brasserie|bureau|cabinet|cafe|cafeteria|canton|cantine|centre|chantier|charcuterie|chocolaterie|cinema|clinique
    club|college|commune|confiserie|creche|domaine|drogue?rie|ecole|eglise|enseigne|ems|entreprise|epicerie
    etat|etude|fabrique|ferme|fiduciaire|fitness|fondation|foyer|galerie|garage|garderie|grossiste|hopital
    hotel|imprimerie|institut|jardinerie|kebab|kiosque|laboratoire|laverie|librairie|magasin|mairie|maison|marche
    menuiserie|mission|musee|office|parfumerie|parking|patisserie|pharmacie|pizzeria|pressing|regie
    residence|restaurant|resto|salon|societe|station|supermarche|syndicat|take ?away|tea ?-?room|theatre
    traiteur|universite|usine|ville
"""
"""What an employer can be; with a name behind it, its name."""

OF_A_PLACE = r"(?:ville|commune|canton|etat|universite|mairie) d(?:e |u |')"
"""Begins names that a place belongs to."""

PLACES = """
    acacias|les acacias|aeroport|aire-la-ville|anieres|annemasse|athenaz|augustins|avully|avusy|balexert|bale|bardonnex
    bel-air|bellevue|berne|bernex|bienne|cartigny|carouge|celigny|champel|champ-dollon|chambesy|chancy|charmilles
    chene-bourg|chene-bougeries|chene|choulex|cointrin|collex|collonge-bellerive|cologny|confignon|conches|coppet
    cornavin|corsier|cressy|crans|divonne|eaux-vives|ferney|fribourg|geneve|genthod|gland|grand-lancy|grand-saconnex
    grange-canal|gy|hermance|jonction|jussy|la praille|praille|la servette|lancy|laconnex|lausanne|le lignon|lignon
    malagnou|martigny|meinier|meyrin|mies|montbrillant|montreux|morges|nations|neuchatel|nyon|onex|paquis|perly
    petit-lancy|petit-saconnex|plainpalais|plan-les-ouates|pont-rouge|pregny|presinge|puplinge|renens|rive|rolle
    russin|satigny|servette|sion|soral|st-?gervais|saint-gervais|st-?jean|saint-jean|sierre|thonex|troinex|vandoeuvres
    annecy|aubonne|bussigny|crissier|ecublens|etoy|gex|saint-genis|saint-prex|thoiry|veyrier|vernier|versoix|vevey|vessy|vieille-ville|yverdon|zurich
"""
"""Communes and quarters of Geneva, and towns that people of Geneva apply in."""

POSTS = """
    acheteu|administrat|architect|agent|aide|animat|apprenti|archivist|assistant|auditeur|auxiliaire|avocat|bagagist|barista
    barman|barmaid|bibliothecaire|boucher|boulanger|cadre|caissi|cariste|charpentier|chauffeu|chef de|chef d'|chef-
    coach|coiffeu|collaborat|commercial|commis|comptable|concierge|conduct|conseill|controleu|coordinat|courtier
    couturi|cuisini|decorat|developpeu|directeu|directrice|dessinat|docker|educat|electricien|employe|enseignant
    equipier|equipiere|esthetici|extra|facteur|factrice|femme de|fleuriste|formateu|gardien|garcon de|gerant
    gestionnaire|gouvernant|graphiste|grutier|guide|horloge|hotesse|hote d|huissi|infirmi|informatici|ingenieu
    installat|jardini|juriste|laborantin|laveu|libraire|linge|livreu|logistici|machinist|macon|magasini|maitre d
    manoeuvre|manutention|mecanici|menuisi|micro-?mecanici|monteu|moniteu|nettoyeu|nurse|nounou|operat|opticien
    ouvri|patissi|patrouilleu|paysagiste|peintre|pharmacien|photographe|platrier|plombi|plongeu|polisseu|polymecanici
    pompiste|poseu|preparat|professeu|programmeu|psycholog|receptionn|redact|regleu|repasseu|representant|responsable
    secretaire|serruri|sertisseu|serveu|soudeu|stagiaire|standardiste|surveillant|techn|telephonist|televend
    analyst|consult|delegu|intendant|pizzaiol|laborant|testeu|tourneu|fraiseu|traduct|valet|veilleu|vendeu|veterinaire|web ?design|employe de|homme a tout|specialiste
"""
"""How the names of posts begin."""
NO_POSTS = r"(?:(?:janv|fevr|dern|prem|atel|quart|pap|courr|ent|met|chant|dern|carr|man|mat)iere?|heure|ailleurs|plusieurs|meilleure?|(?:in|ex)terieur|valeur|leur)(?![a-z])"
"""Ends like the name of a post, and is none."""
POST_ENDINGS = r"[a-z-]{3,}(?:euse|eur|rice|iere?|iste|ienne|logue)s?"
"""How the names of most other posts end."""

CHANNELS: tuple[tuple[ApplyChannel, str], ...] = (
    (
        ApplyChannel.ELECTRONIC,
        r"(?:par |en |sur |via |avec |un |d'un )?(?:l'|le |la |leur |leurs |une |un |son )?"
        r"(?:en ligne|online|on line|int(?:er|re|r)net|e-?mails?|mails?|mel|courriels?|(?:page|site) (?:carriere|emplois?|web|internet)|"
        r"formulaire(?: (?:en ligne|internet|web))?|plate-?forme(?: en ligne)?|portail|sites?|appli(?:cation)?|"
        r"job-?up|job ?scout(?:24)?|job-?room|jobs\.ch|indeed|linked ?in)"
        r"(?: (?:de l'entreprise|carriere|officiel))?(?= |$|[^a-z0-9-])|(?:par|via|sur) (?:le )?(?:net|web)\b",
    ),
    (
        ApplyChannel.MAIL,
        r"(?:(?:par |un |par un |une |par une )?(?:courrier(?: postal)?(?: [ab])?|lettre|(?:voie|dossier|envoi) postale?)|par (?:la )?poste)\b",
    ),
    (
        ApplyChannel.PHONE,
        r"(?:par |au |un coup de )?(?:le )?(?:telephones?|tel|natel|tph|fil)\b\.?(?! (?:portable|mobile))|"
        r"(?:j'ai |jai |ai |g |j'|avoir )?(?:re)?(?:telephone[rz]?|appele[rz]?|passe un coup de fil|un appel)\b",
    ),
    (
        ApplyChannel.PERSONAL,
        r"sur place|en personne|personnel(?:lement)?\b|contact personnel|(?:en|au|dans le|dans la|ds le|a la) (?:magasin|boutique|resto)\b|"
        r"(?:cv |donne(?:r)? (?:le |mon )?cv |dossier )?(?:en )?mains? propres?|(?:donne[rz]? |remis |cv )(?:(?:mon |le )?cv )?(?:en )?mains?\b|"
        r"(?:je (?:me )?suis|j'suis|jsuis|chuis|j'etais|suis) (?:y )?(?:passee?|allee?|presentee?)(?: (?:me|m'y) presenter)?(?: (?:sur place|directement))?|"
        r"passee? (?:sur place|en magasin|au magasin|en boutique|directement)|"
        r"(?:dossier|cv|candidature|lettre|le|(?:j'ai |jai )?) ?(?:ete )?deposee?r?\b(?: (?:mon|ma|le|un) (?:cv|dossier|candidature))?(?: (?:en|au) magasin)?|"
        r"(?:deposer|donner|remettre|porter) (?:mon|ma|un|le) (?:cv|dossier|candidature|lettre)|me presenter|au guichet|au comptoir",
    ),
)
"""Ways to apply, each with what says it."""

WORKLOADS: tuple[tuple[Workload, str], ...] = (
    (
        Workload.FULLTIME,
        r"(?:a |en )?(?:100 ?(?:%|pour ?cent)|cent pour ?cent|plein[- ]?temps?|temps? (?:plein|complet))",
    ),
    (
        Workload.PARTTIME,
        r"(?:a |en )?(?:(?:\d\d ?(?:-|a|/) ?)?(?:[1-9]\d?) ?%(?! ?(?:-|a|/) ?100)|"
        r"(?:dix|vingt|trente|quarante|cinquante|soixante|soixante-dix|septante|\d\d|quatre[- ]vingts?|huitante|nonante) pour ?cent|"
        r"temps? partiels?|mi[- ]?temps?)",
    ),
)

ASSIGNED: tuple[tuple[bool, str], ...] = (
    (
        False,
        r"(?:ce (?:n'est|n'etait|nest) pas (?:une |du a une )?|c'(?:est|etait) pas (?:une )?|pas (?:d'|une |de |du a une )?|sans |non |aucune? |hors |0 )"
        r"(?:ete )?assign(?:ation|ee?s?)(?: (?:de |par )?(?:l')?orp)?|(?:offres?|candidatures?|postulations?)? ?spontanee?s?\b|"
        r"de (?:ma propre|mon) initiative|de moi-meme",
    ),
    (
        True,
        r"(?:sur |suite a |par |une )?(?:une |l')?assignation(?: (?:de |par )?(?:l')?(?:orp|oce))?|"
        r"(?:l'orp m'a |on m'a |m'a ete |(?:m'a|ma) )?assignee?s?(?: (?:par|de) l'(?:orp|oce))?(?: (?:a |chez )?(?=un))?|"
        r"(?:propose|envoye|assigne|transmis)e?s? par (?:l'|mon )?(?:orp|oce|conseill\w+)",
    ),
)

RESULTS: tuple[tuple[Result, str], ...] = (
    (
        Result.REJECTED,
        r"(?:candidature |reponse |rep |retour )?(?:refus(?:e|ee|er)?|refu|negati(?:f|ve)s?|neg)\b(?: (?:recue?|de leur part|par mail))?|"
        r"(?:ils? |elles? |on )?(?:m'ont |m'a |mont |ma |mon |ont |a )?(?:dit|repondu|di|dire) (?:que )?non\b|non retenue?|pas retenue?|"
        r"c'est non|(?:pas )interesse(?:e?s)?|(?<=[ ,])non(?=$|[.,;!])",
    ),
    (
        Result.EMPLOYED,
        r"(?:je suis |j'ai ete |ete |ils m'ont |on m'a |m'ont )?(?:engagee?|embauchee?|embouchee)\b|"
        r"(?:ils |elle |il )?(?:m'ont|m'a) prise?\b|j'ai (?:eu|recu) (?:le|la|un) (?:poste|place|contrat|job)|(?:poste|place|contrat) (?:obtenue?|signe)",
    ),
    (
        Result.INTERVIEW,
        r"(?:un |1 )?(?:entretien|entretient|rendez-vous|rdv|interview|convocation)s?(?: d'embauche)?\b(?: (?:passe|fixe|prevu|eu|obtenu|fait))?",
    ),
    (
        Result.PENDING,
        r"(?:toujours |tjrs |tjs |encore )?(?:pas|pa|aucune?|sans|0)(?: (?:encore|eu))?(?: (?:de|d'|la))? ?(?:reponses?|rep|nouvelles?|retour|suite)\b|"
        r"(?:toujours |tjrs |tjs )?(?:en (?:attente|cours|suspens)|pdr\b)(?: (?:de (?:reponse|decision|retour)|d'examen))?|"
        r"(?:j'|j' |moi |je )?(?:attend(?:s|re|ons)?|d'attendre|attente)(?: toujours)?(?: (?:la |une |leur )?reponse)?|"
        r"(?:(?:j'ai |toujours |tjrs |encore )*rien )(?:recu|eu|pour (?:le moment|l'instant))?(?: (?:pour|encore).{0,12})?|(?:toujours|tjrs|encore) rien\b|"
        r"(?:(?:ils?|elles?|on) )?(?:m'(?:ont|a) |ont |a |mon )?dit (?:de |d'|que? ?'?)?(?:attendre|(?:(?:ils?|elles?|on) (?:va |vont )?)?(?:me )?r[ae]pp?ell?(?:er?|ent|era|eront)\b)|"
        r"(?:qu')?(?:ils?|elles?|on) (?:va |vont |doi(?:t|vent) )?(?:me |m')?r[ae]pp?ell?(?:er?|ent|era|eront)?\b|pas encore (?:de|d') (?:reponse|retour)",
    ),
)

REASONS = (
    r"(?:ils |elle |il |elles |on )?(?:(?:ont |a )?deja (?:trouve(?: quelqu'un)?|quelqu'un)|(?:ne )?(?:cherchent?|prend|prennent|engagent?|recrutent?) (?:plus |pas )?personne|"
    r"(?:n'|ne )?(?:engagent?|recrutent?|embauchent?|cherchent?|prennent)(?: plus| pas)(?: en ce moment)?)|"
    r"(?:le |la )?(?:poste|place) (?:deja |est |est deja |a ete )?(?:re)?(?:pourvue?|prise?|occupee?)|pas de place|(?:c'est )?complet(?= |$|[.,;!])|"
    r"(?:pas|manque|peu) (?:assez )?d'experience|(?:trop|sur-?) ?qualifiee?"
)
"""Why somebody was refused, even where no word says that they were."""
BECAUSE = r"(?:car|parce que|parce qu'|pour cause de|pour|motif ?:|raison ?:|:|\() ?"

NOISE = (
    r"(?:bonjour|bonsoir|salut|hello|ecrire|alors|donc|voila|ecoutez|euh|bon|ben|ok|svp|stp|s'il (?:te|vous) plait|merci|tu notes|vous notez|a noter)\b|"
    r"(?:je |j')?(?:voudrais|aimerais|veux|souhaite|dois)? ?(?:r?ajoute[rz]?|note[rz]?|mets?|mettre|metre|enregistre[rz]?|inscri[rst]e?|saisir|rentre[rz]?)\b(?: (?:aussi|la|le))?|"
    r"(?:encore |aussi )?(?:une? |la |ma |mon |mes )?(?:autre )?(?:postulations?|candidatures?|recherches?|dossier|cv|postul)(?: (?:faite|envoyee?|deposee?|n[o°]))?(?: \d{1,2} ?(?=:))?(?: (?:chez|aupres de)(?=\b))?(?=[^a-z]|$)|"
    r"(?:moi )?(?:j'ai |jai |j'avais |g |j'|ai |avais )?(?:aussi )?(?:re)?(?:postulee?|postule[rz]?|postul|envoyee?|envoyer|envoye|ecrit|ecris|fait|faite|laisse[er]?|demande[re]?|parle[r]?|donne[er]?|contactee?|candidate|eu|recu)\b"
    r"(?: (?:mon|ma|un|une|le|du|des) (?:cv|dossier|candidature|travail|lettre|offre))?(?: (?:de )?(?:postulation|candidature))?(?: (?:mon|ma) (?:cv|dossier))?|"
    r"(?:on |il |y |il y )?(?:m'a|a eu)\b|(?:encore|encore une|aussi|puis|ensuite|seulement|egalement|en plus|enfin|tjrs|toujours|directement|au patron|le patron)\b|"
    r"passee?\b|envoyee?\b|faite?\b|recue?s?\b|vue?\b|entre\b|cdi\b|cdd\b|interim\b|(?:une )?autre\b|aussi\b|madame\b|monsieur\b|(?:les |l'|le )?(?:autres?|reste)\b|(?:la |le )?(?:premiere?|seconde?|(?:deux|trois|quatr|cinqu|six)ieme)\b|inscription\b|bis\b"
)
"""Says nothing about the effort itself."""

NO_NAMES = r"(?:enseigne|entreprise|societe|boite|firme|compagnie)"
"""Says only that something is an employer, before its name."""

OFFICES = re.compile(
    r"^(?:l'|la |le |ma |mon )?(?:orp|oce|office (?:cantonal|regional)|caisse|chomage|conseill|job-?room|assistant(?:e)? social)"
)
"""Who is no employer."""

_SENTENCE = (
    r"(?:je|tu|il|ils|elle|elles|on|nous|vous|mon|ma|mes|ton|votre|ce|cette|ca|est|suis|sont|etait|ai|as|avons|ont|va|vais|"
    r"qui|que|quoi|quand|comment|combien|pourquoi|ou est|ne|pas|me|moi|faut|peux|peut|pouvez|oui|non|si|tout|c|rien|beaucoup|sais|"
    r"dire|finir|alors|avant|apres|depuis|malade|conge|vacances|question|rapport|ipa|mois|annee|semaine)"
)
SENTENCE = re.compile(
    rf"(?<![a-z-])(?:{_SENTENCE}(?![a-z'])|(?:j|c|m|n|qu|s)'(?=(?:ai|ils?|elles?|est|etait|a|ont|on)(?![a-z])))"
)
"""Words of sentences, among which a bare word names no company."""


def words(text: str) -> str:
    """The alternatives of a list above as a pattern, the longest first."""
    alternatives = [word for line in text.strip().splitlines() for word in line.strip().split("|") if word]
    return "|".join(sorted(alternatives, key=len, reverse=True))
